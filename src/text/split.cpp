#include "text/split.h"

#include <array>

#include "text/unicode.h"

namespace arf {
namespace {

using Class = CharacterClass;

struct Peek {
  Class kind = Class::kEnd;
  std::uint32_t length = 0;
};

// class_of for ASCII, known to the compiler.
constexpr std::array<Class, 128> kAscii = [] {
  std::array<Class, 128> table{};
  for (std::size_t code = 0; code < table.size(); ++code) {
    const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    const bool space = (code >= '\t' && code <= '\r') || code == ' ';
    table[code] = letter                         ? Class::kLetter
                  : code >= '0' && code <= '9'   ? Class::kNumber
                  : code == '\r' || code == '\n' ? Class::kLineBreak
                  : space                        ? Class::kSpace
                                                 : Class::kOther;
  }
  return table;
}();

// A scanner's view of the text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Peek peek(std::size_t at) const {
    if (at >= text_.size()) return {};
    const auto byte = static_cast<unsigned char>(text_[at]);
    if (byte < 0x80) return {kAscii[byte], 1};
    const Character wide = character_at(text_, at);
    return {class_of(wide.code), wide.length};
  }
  // One past the run of `kind` from `at`, at most `most` characters.
  std::size_t run_end(std::size_t at, Class kind, std::size_t most = std::string_view::npos) const {
    for (Peek next = peek(at); most > 0 && next.kind == kind; next = peek(at), --most)
      at += next.length;
    return at;
  }
  // One past a contraction at `at`, or `at`.  's|'t|'re|'ve|'m|'ll|'d
  std::size_t contraction_end(std::size_t at, bool any_case) const;
  // \s*[\r\n]+ (where line breaks end a word) | \s+(?!\S) | \s+
  std::size_t space_end(std::size_t at, bool to_line_break) const;

 private:
  std::string_view text_;
};

std::size_t Scanner::contraction_end(std::size_t at, bool any_case) const {
  if (text_[at] != '\'') return at;
  const auto letter = [&](std::size_t i) {
    const char byte = at + i < text_.size() ? text_[at + i] : '\0';
    return any_case && byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
  };
  const char first = letter(1), second = letter(2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
  // The long s is an s of another case.
  if (any_case && text_.substr(at + 1, 2) == "\xc5\xbf") return at + 3;
  const bool two = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') ||
                   (first == 'l' && second == 'l');
  return two ? at + 3 : at;
}

std::size_t Scanner::space_end(std::size_t at, bool to_line_break) const {
  std::size_t end = at, last = at, after_break = 0;
  for (Peek next = peek(at); next.kind == Class::kSpace || next.kind == Class::kLineBreak;
       next = peek(end)) {
    last = end;
    end += next.length;
    if (next.kind == Class::kLineBreak) after_break = end;
  }
  if (to_line_break && after_break > 0) return after_break;
  // The last space goes with the word behind it, unless it is the only one.
  return end == text_.size() || last == at ? end : last;
}

std::size_t next_gpt2(std::string_view text, std::size_t begin) {
  const Scanner scan(text);
  if (const std::size_t end = scan.contraction_end(begin, false); end > begin) return end;
  std::size_t at = begin;
  Peek head = scan.peek(at);
  if (text[at] == ' ') {
    const Peek behind = scan.peek(at + 1);
    if (behind.kind <= Class::kNumber || behind.kind == Class::kOther) {
      head = behind;
      ++at;
    }
  }
  if (head.kind == Class::kSpace || head.kind == Class::kLineBreak)
    return scan.space_end(begin, false);
  return scan.run_end(at, head.kind);
}

template <std::size_t kMostDigits>
std::size_t next_qwen2(std::string_view text, std::size_t begin) {
  const Scanner scan(text);
  if (const std::size_t end = scan.contraction_end(begin, true); end > begin) return end;
  const Peek head = scan.peek(begin);
  if (head.kind == Class::kLetter) return scan.run_end(begin, Class::kLetter);
  if (head.kind == Class::kNumber) return scan.run_end(begin, Class::kNumber, kMostDigits);
  const Peek behind = scan.peek(begin + head.length);
  if (head.kind != Class::kLineBreak && behind.kind == Class::kLetter)
    return scan.run_end(begin + head.length, Class::kLetter);
  if (head.kind == Class::kOther || (text[begin] == ' ' && behind.kind == Class::kOther)) {
    const std::size_t end = scan.run_end(begin + (text[begin] == ' ' ? 1 : 0), Class::kOther);
    return scan.run_end(end, Class::kLineBreak);
  }
  return scan.space_end(begin, true);
}

}  // namespace

NextWord find_split(std::string_view pattern) {
  if (pattern == kQwen2Pattern) return next_qwen2<1>;
  if (pattern == kLlama3Pattern) return next_qwen2<3>;
  if (pattern == kGpt2Pattern) return next_gpt2;
  return nullptr;
}

}  // namespace arf
