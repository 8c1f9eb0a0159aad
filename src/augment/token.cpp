#include "augment/token.h"

#include <algorithm>
#include <array>

namespace arf {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper(c) || is_lower(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::string_view kOpeners = "([\"'*", kClosers = ")]\"'*,.;:!?";
// “ ” ‘ ’ … in UTF-8: three bytes each.
constexpr std::array<std::string_view, 5> kWideMarks = {"\u201c", "\u201d", "\u2018", "\u2019",
                                                        "\u2026"};

std::size_t wide_mark(std::string_view piece) {
  for (const std::string_view mark : kWideMarks) {
    if (piece.starts_with(mark)) return mark.size();
  }
  return 0;
}
std::size_t wide_mark_at_end(std::string_view piece) {
  for (const std::string_view mark : kWideMarks) {
    if (piece.ends_with(mark)) return mark.size();
  }
  return 0;
}

// Between letters only: don't, well-known.
bool is_word(std::string_view core) {
  for (std::size_t i = 0; i < core.size(); ++i) {
    if (is_letter(core[i])) continue;
    const std::size_t size = core.substr(i).starts_with(kCurlyApostrophe) ? kCurlyApostrophe.size()
                             : core[i] == '\'' || core[i] == '-'          ? 1
                                                                          : 0;
    if (size == 0 || i == 0 || i + size >= core.size()) return false;
    if (!is_letter(core[i - 1]) || !is_letter(core[i + size])) return false;
    i += size - 1;
  }
  return !core.empty();
}

TokenKind kind_of(std::string_view core) {
  if (std::any_of(core.begin(), core.end(), is_digit)) return TokenKind::kNumber;
  return is_word(core) ? TokenKind::kWord : TokenKind::kOther;
}

Capitals capitals_of(std::string_view core) {
  const auto uppers = std::count_if(core.begin(), core.end(), is_upper);
  if (uppers == 0) return Capitals::kNone;
  if (uppers == std::count_if(core.begin(), core.end(), is_letter)) {
    return core.size() == 1 ? Capitals::kTitle : Capitals::kUpper;
  }
  return uppers == 1 && is_upper(core[0]) ? Capitals::kTitle : Capitals::kMixed;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text), protected_(protected_ranges(text)) {}

  std::vector<Token> split() {
    tokens_.reserve(text_.size() / 5);
    std::size_t at = 0;
    while (at < text_.size()) {
      if (is_space(text_[at])) {
        if (text_[at] == '\n') end_line();
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      while (end < text_.size() && !is_space(text_[end])) ++end;
      take_chunk(at, end);
      at = end;
    }
    if (!tokens_.empty()) tokens_.back().gap_after = true;
    return std::move(tokens_);
  }

 private:
  void end_line() {
    if (!tokens_.empty()) tokens_.back().gap_after = true;
    sentence_ = gap_ = true;
  }

  // What stands between two spaces: marks, a core, marks.
  void take_chunk(std::size_t begin, std::size_t end) {
    std::size_t first = begin, last = end;
    while (first < last) {
      const std::size_t wide = wide_mark(text_.substr(first, last - first));
      if (wide == 0 && kOpeners.find(text_[first]) == std::string_view::npos) break;
      first += wide == 0 ? 1 : wide;
    }
    while (first < last) {
      const std::size_t wide = wide_mark_at_end(text_.substr(first, last - first));
      if (wide == 0 && kClosers.find(text_[last - 1]) == std::string_view::npos) break;
      last -= wide == 0 ? 1 : wide;
    }
    if (first != begin) mark_gap();
    if (first < last) add(first, last);
    if (last != end) close(text_.substr(last, end - last));
  }

  void add(std::size_t first, std::size_t last) {
    Token token;
    token.begin = static_cast<std::uint32_t>(first);
    token.end = static_cast<std::uint32_t>(last);
    const std::string_view core = text_.substr(first, last - first);
    token.kind = is_protected(first, last) ? TokenKind::kOther : kind_of(core);
    token.capitals = capitals_of(core);
    token.gap_before = gap_;
    token.starts_sentence = sentence_ && token.kind != TokenKind::kOther;
    // "1. Wash" and "- wash": the marker of a list leaves the sentence to its first word.
    const bool marker = token.kind == TokenKind::kOther ||
                        (token.kind == TokenKind::kNumber && sentence_ && last < text_.size() &&
                         (text_[last] == '.' || text_[last] == ')'));
    sentence_ = sentence_ && marker;
    gap_ = false;
    tokens_.push_back(token);
  }

  void close(std::string_view marks) {
    mark_gap();
    const bool ends = marks.find_first_of(".!?:") != std::string_view::npos ||
                      marks.find("\u2026") != std::string_view::npos;
    sentence_ = sentence_ || ends;
  }

  void mark_gap() {
    if (!tokens_.empty()) tokens_.back().gap_after = true;
    gap_ = true;
  }

  // Chunks come in order, so do the ranges.
  bool is_protected(std::size_t begin, std::size_t end) {
    while (range_ < protected_.size() && protected_[range_].end <= begin) ++range_;
    return range_ < protected_.size() && protected_[range_].begin < end;
  }

  std::string_view text_;
  std::vector<TextRange> protected_;
  std::size_t range_ = 0;
  std::vector<Token> tokens_;
  bool sentence_ = true, gap_ = true;
};

}  // namespace

std::vector<Token> tokenize_text(std::string_view text) {
  if (text.size() >= UINT32_MAX) return {};
  return Splitter(text).split();
}

}  // namespace arf
