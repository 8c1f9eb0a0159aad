// Our side of tokenizers.sh:
//   parity_tokenizer TOKENIZER        a JSON text a line on stdin -> a JSON line with [ids, framed
//                                     ids, decoded text, decoded with special tokens, ids and types
//                                     of the pair with the line before, none where there is no
//                                     pair]
//   parity_tokenizer TOKENIZER time   lines of text on stdin -> MB/s of encoding them, one thread
#include <chrono>
#include <iostream>

#include "core/json.h"
#include "text/tokenizer.h"

using namespace arf;

namespace {

void answer(const Tokenizer& tokenizer) {
  std::string line;
  std::vector<TokenId> before;
  while (std::getline(std::cin, line)) {
    const auto text = Json::parse(line).get<std::string>();
    const std::vector<TokenId> ids = tokenizer.encode(text, /*parse_special=*/true);
    FramedText pair = fill_frame(tokenizer.pair_frame(), before, ids);
    pair.types.resize(pair.tokens.size(), 0);
    const Json out = {ids,
                      fill_frame(tokenizer.frame(), ids).tokens,
                      tokenizer.decode(ids),
                      tokenizer.decode(ids, true),
                      pair.tokens,
                      pair.types};
    std::cout << out.dump() << '\n';
    before = ids;
  }
}

void time_it(const Tokenizer& tokenizer) {
  std::vector<std::string> lines;
  std::size_t bytes = 0, tokens = 0;
  for (std::string line; std::getline(std::cin, line);) {
    bytes += line.size();
    lines.push_back(std::move(line));
  }
  const auto started = std::chrono::steady_clock::now();
  for (const std::string& line : lines) tokens += tokenizer.encode(line).size();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::cout << Json({{"mb_per_s", static_cast<double>(bytes) / 1e6 / seconds.count()},
                     {"bytes", bytes},
                     {"tokens", tokens}})
                   .dump()
            << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const Tokenizer tokenizer = Tokenizer::load(argv[1]);
  argc > 2 ? time_it(tokenizer) : answer(tokenizer);
}
