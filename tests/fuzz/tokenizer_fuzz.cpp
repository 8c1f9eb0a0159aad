// tokenizer.json, then the text that is encoded and decoded (without a second part: the file's own
// beginning). Vocabularies need a token for every byte: the members "$bytes" and "$fallback" of
// the input stand for 256 tokens, so that inputs stay small and mutations hit what matters.
#include <fmt/format.h>

#include "tests/fuzz/fuzz.h"
#include "text/byte_alphabet.h"
#include "text/tokenizer.h"

using namespace arf;

namespace {

constexpr std::size_t kLongestText = 1024;

std::string byte_tokens(bool fallback) {
  std::string members;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name =
        fallback ? fmt::format("<0x{:02X}>", byte)
                 : spell_bytes(std::string(1, static_cast<char>(byte_of_rank(byte))));
    const bool escaped = name == "\"" || name == "\\";
    members += fmt::format("{}\"{}{}\":{}", byte ? "," : "", escaped ? "\\" : "", name, byte);
  }
  return members;
}

std::string expanded(std::string_view json) {
  static const std::pair<std::string_view, std::string> kShort[] = {
      {"\"$bytes\":0", byte_tokens(false)}, {"\"$fallback\":0", byte_tokens(true)}};
  std::string text(json);
  for (const auto& [mark, members] : kShort) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) text.replace(at, mark.size(), members);
  }
  return text;
}

void use(const Tokenizer& tokenizer, std::string_view text) {
  for (const bool special : {false, true}) {
    const auto ids = tokenizer.encode(text, special);
    for (const TokenId id : ids) tokenizer.token_text(id);
    tokenizer.decode(ids, special);
    for (const TextFrame* frame : {&tokenizer.frame(), &tokenizer.pair_frame()}) {
      for (const TokenId id : fill_frame(*frame, ids, ids).tokens) tokenizer.token_text(id);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  const std::string json = expanded(parts[0]);
  const std::string_view text = (parts.size() > 1 ? parts[1] : parts[0]).substr(0, kLongestText);
  folder.put("tokenizer.json", json);
  fuzz::accept_or_refuse(json.size(), [&] { use(Tokenizer::load(folder.path()), text); });
  return 0;
}
