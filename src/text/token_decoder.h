// From tokens back to text: the decoder of tokenizer.json.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace arf {

struct ReplaceInToken {
  std::string from, to;
};
// <0x..> tokens become the bytes they name: a run of them that is no UTF-8 becomes a U+FFFD each.
struct ByteFallback {};
struct Fuse {};  // one token of all
struct StripToken {
  std::string content;              // one character
  std::size_t start = 0, stop = 0;  // at most so many at each end
};
struct MetaspaceToken {
  std::string mark;
  bool strips_first = true;  // the marks of the first token are left out, not made spaces
};
// Pieces are joined, words parted by a space; clean_up: none before punctuation and contractions.
struct WordPieceToken {
  std::string prefix = "##";
  bool clean_up = true;
};
using DecoderStep =
    std::variant<ReplaceInToken, ByteFallback, Fuse, StripToken, MetaspaceToken, WordPieceToken>;

// The text of spelled tokens.
std::string decode_tokens(const std::vector<DecoderStep>& steps, std::vector<std::string> tokens);

}  // namespace arf
