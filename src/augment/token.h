// A text as words, numbers and the rest, with what a substitution must know of each: where a
// sentence begins, what stands between two words, and what must not be touched.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace arf {

// The other sign for the apostrophe of "don't".
inline constexpr std::string_view kCurlyApostrophe = "\u2019";

enum class TokenKind : std::uint8_t {
  kWord,    // letters, with ', ’ or - between them
  kNumber,  // has a digit
  kOther,   // signs, code, addresses, words with letters beyond ASCII: untouched
};
enum class Capitals : std::uint8_t { kNone, kTitle, kUpper, kMixed };

// text[begin, end), without the punctuation around it. Example: in "Well, (big) dogs" the tokens
// are "Well", "big" and "dogs"; `big` has gap_before and gap_after.
struct Token {
  std::uint32_t begin = 0, end = 0;
  TokenKind kind = TokenKind::kOther;
  Capitals capitals = Capitals::kNone;
  bool starts_sentence = false;
  bool gap_before = false, gap_after = false;  // punctuation or a line's end stands there
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

// Parts [begin, end) of a text that are quoted, code or markup, in order and apart: fenced and
// indented code, lines that look like code, `inline code`, <tags>, quotations of a few words.
struct TextRange {
  std::uint32_t begin = 0, end = 0;
};
std::vector<TextRange> protected_ranges(std::string_view text);

// Tokens in order; those that touch a protected range are kOther. Texts of 4 GiB or more: none.
std::vector<Token> tokenize_text(std::string_view text);

}  // namespace arf
