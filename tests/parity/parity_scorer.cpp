// Our side of minilm.sh: parity_scorer ENCODER FILE
// Of each line of JSON on stdin, a text or [prompt, response], writes a JSON line [ids, types] to
// stdout and its last hidden states, float32, to FILE.
#include <fstream>
#include <iostream>

#include "core/json.h"
#include "scoring/scorer.h"

using namespace arf;

namespace {

FramedText read_text(const Scorer& scorer, const std::string& line) {
  const Json json = Json::parse(line);
  if (json.is_string()) return scorer.frame({"", json.get_ref<const std::string&>()});
  return scorer.frame(
      {json.at(0).get_ref<const std::string&>(), json.at(1).get_ref<const std::string&>()});
}

// The texts together, as the scorer packs them.
void write_hidden(const Encoder& encoder, const std::vector<FramedText>& texts,
                  std::ofstream* file) {
  std::vector<std::int32_t> tokens, types;
  ops::Segments segments{{0}};
  for (const FramedText& text : texts) {
    tokens.insert(tokens.end(), text.tokens.begin(), text.tokens.end());
    types.insert(types.end(), text.types.begin(), text.types.end());
    types.resize(tokens.size(), 0);
    segments.offsets.push_back(static_cast<std::int32_t>(tokens.size()));
  }
  const at::NoGradGuard no_grad;
  const Tensor hidden = encoder.forward(tokens, segments, types).contiguous();
  file->write(reinterpret_cast<const char*>(hidden.data_ptr<float>()),
              static_cast<std::streamsize>(hidden.nbytes()));
}

void answer(const Scorer& scorer, const char* path) {
  constexpr std::size_t kTogether = 16;
  std::ofstream file(path, std::ios::binary);
  std::vector<FramedText> texts;
  for (std::string line; std::getline(std::cin, line);) {
    FramedText text = read_text(scorer, line);
    texts.push_back(text);
    text.types.resize(text.tokens.size(), 0);
    std::cout << Json({text.tokens, text.types}).dump() << '\n';
    if (texts.size() < kTogether) continue;
    write_hidden(scorer.encoder(), texts, &file);
    texts.clear();
  }
  if (!texts.empty()) write_hidden(scorer.encoder(), texts, &file);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("usage: parity_scorer ENCODER FILE");
    Scorer scorer = Scorer::with_encoder(Tokenizer::load(argv[1]), Encoder::load(argv[1]), 1);
    scorer.pack(1);
    answer(scorer, argv[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
