#include <algorithm>
#include <array>
#include <cstddef>

#include "augment/token.h"

namespace arf {
namespace {

// A quotation up to this long is a title or a word that is spoken of; a longer one is speech.
constexpr std::size_t kShortQuotation = 32;
constexpr std::size_t kLongestMarkup = 200;

// How lines of programs begin, in the languages that answers are written in.
constexpr std::array<std::string_view, 34> kCodeStarts = {
    "def ",      "class ", "import ", "from __",  "return ", "return;",  "print(",
    "for (",     "for(",   "while (", "while(",   "if (",    "if(",      "else {",
    "elif ",     "}",      "{",       "#include", "public ", "private ", "static ",
    "function ", "var ",   "let ",    "const ",   "SELECT ", "INSERT ",  "UPDATE ",
    "CREATE ",   "WHERE ", "int ",    "void ",    "<",       "//"};
constexpr std::array<std::string_view, 8> kCodeEnds = {
    ";", "{", "}", "):", "()", "\\", "/>", "else:"};

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  const std::size_t end = line.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? std::string_view() : line.substr(begin, end + 1 - begin);
}

bool is_list_item(std::string_view words) {
  return words.starts_with("- ") || words.starts_with("* ") || words.starts_with("•");
}

bool looks_like_code(std::string_view words) {
  const auto begins = [&](std::string_view start) {
    // "for the", "class of": a line of prose is longer and ends as prose does.
    return words.starts_with(start) &&
           (words.find_first_of("(){}=;<>[]:") != std::string_view::npos || words.size() < 24);
  };
  const auto ends = [&](std::string_view end) { return words.ends_with(end); };
  if (std::any_of(kCodeStarts.begin(), kCodeStarts.end(), begins)) return true;
  if (std::any_of(kCodeEnds.begin(), kCodeEnds.end(), ends)) return true;
  std::size_t signs = 0;
  for (const char c : words)
    signs += std::string_view("{}[]=<>_;()|\\").find(c) != std::string_view::npos;
  return signs * 8 > words.size();
}

class Ranges {
 public:
  explicit Ranges(std::string_view text) : text_(text) {}

  std::vector<TextRange> find() {
    std::size_t begin = 0;
    while (begin < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      take_line(begin, end);
      begin = end + 1;
    }
    return std::move(ranges_);
  }

 private:
  void take_line(std::size_t begin, std::size_t end) {
    const std::string_view line = text_.substr(begin, end - begin), words = trimmed(line);
    if (words.starts_with("```") || words.starts_with("~~~")) {
      in_fence_ = !in_fence_;
      return add(begin, end);
    }
    const bool indented = line.starts_with("  ") || line.starts_with("\t") || line.starts_with("#");
    const bool code = in_fence_ ||
                      (!words.empty() && !is_list_item(words) && looks_like_code(words)) ||
                      (indented && in_code_);
    if (!words.empty()) in_code_ = code;
    if (code) return add(begin, end);
    for (std::size_t at = begin; at < end; ++at) at = take_span(at, end);
  }

  // The last byte of the span that begins at `at`, or `at`.
  std::size_t take_span(std::size_t at, std::size_t end) {
    const char c = text_[at];
    if (c == '`') return take_until("`", at, 1, end, kLongestMarkup);
    if (c == '<') return take_until(">", at, 1, end, kLongestMarkup);
    if (c == '"' && opens(at)) return take_until("\"", at, 1, end, kShortQuotation);
    if (text_.substr(at, 3) == "\u201c") {
      return take_until("\u201d", at, 3, end, kShortQuotation);
    }
    return at;
  }
  // A quotation mark at a word's beginning, not at its end.
  bool opens(std::size_t at) const {
    return at == 0 || std::string_view(" \t\n([").find(text_[at - 1]) != std::string_view::npos;
  }

  std::size_t take_until(std::string_view close, std::size_t at, std::size_t open_size,
                         std::size_t end, std::size_t longest) {
    const std::string_view near = text_.substr(0, std::min(end, at + longest));
    const std::size_t found = near.find(close, at + open_size);
    if (found == std::string_view::npos) return at;
    add(at, found + close.size());
    return found + close.size() - 1;
  }

  void add(std::size_t begin, std::size_t end) {
    ranges_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }

  std::string_view text_;
  std::vector<TextRange> ranges_;
  bool in_fence_ = false, in_code_ = false;
};

}  // namespace

std::vector<TextRange> protected_ranges(std::string_view text) { return Ranges(text).find(); }

}  // namespace arf
