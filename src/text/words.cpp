#include "text/words.h"

#include "core/error.h"
#include "text/unicode.h"

namespace arf {
namespace {

using Word = std::function<void(std::string_view)>;

// A word begins with each mark.
void cut_before_marks(std::string_view text, std::string_view mark, const Word& word) {
  std::size_t begin = 0;
  for (std::size_t at = text.find(mark, 1); at != std::string_view::npos;
       at = text.find(mark, at + mark.size())) {
    word(text.substr(begin, at - begin));
    begin = at;
  }
  if (begin < text.size()) word(text.substr(begin));
}

// A word ends behind each mark.
void cut_behind_marks(std::string_view text, std::string_view mark, const Word& word) {
  while (!text.empty()) {
    const std::size_t at = text.find(mark);
    const std::size_t end = at == std::string_view::npos ? text.size() : at + mark.size();
    word(text.substr(0, end));
    text.remove_prefix(end);
  }
}

void cut_metaspace(const WordRule& rule, std::string_view piece, bool begins_text,
                   const Word& word) {
  using Prefix = WordRule::Prefix;
  std::string text;
  const bool wanted =
      rule.prefix == Prefix::kAlways || (rule.prefix == Prefix::kFirst && begins_text);
  if (wanted && !piece.starts_with(' ') && !piece.starts_with(rule.mark)) text = rule.mark;
  for (const char byte : piece) {
    if (byte == ' ') {
      text += rule.mark;
    } else {
      text += byte;
    }
  }
  rule.splits ? cut_before_marks(text, rule.mark, word) : word(text);
}

void cut_bert(std::string_view text, const Word& word) {
  std::size_t begin = 0, at = 0;
  const auto end_word = [&] {
    if (at > begin) word(text.substr(begin, at - begin));
  };
  while (at < text.size()) {
    const Character next = character_at(text, at);
    const bool space = is_white_space(next.code);
    if (!space && !is_punctuation(next.code)) {
      at += next.length;
      continue;
    }
    end_word();
    if (!space) word(text.substr(at, next.length));
    at += next.length;
    begin = at;
  }
  end_word();
}

}  // namespace

void cut_words(const WordRule& rule, std::string_view piece, bool begins_text, const Word& word) {
  if (piece.empty()) return;
  switch (rule.kind) {
    case WordRule::Kind::kWhole:
      return word(piece);
    case WordRule::Kind::kMetaspace:
      return cut_metaspace(rule, piece, begins_text, word);
    case WordRule::Kind::kBehindMark:
      return cut_behind_marks(piece, rule.mark, word);
    case WordRule::Kind::kBert:
      return cut_bert(piece, word);
    case WordRule::Kind::kByteLevel:
      break;
  }
  defect("byte-level words are cut by a scanner");
}

}  // namespace arf
