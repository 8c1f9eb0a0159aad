#include "text/added_tokens.h"

#include "text/unicode.h"

namespace arf {
namespace {

bool is_space(std::string_view text, std::size_t at) {
  const CharacterClass kind = class_of(character_at(text, at).code);
  return kind == CharacterClass::kSpace || kind == CharacterClass::kLineBreak;
}

// Where the spaces before `end` begin, not before `begin`.
std::size_t spaces_begin(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin) {
    const std::size_t at = character_begin(text, end);
    if (!is_space(text, at)) break;
    end = at;
  }
  return end;
}

std::size_t spaces_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text, at)) at += character_at(text, at).length;
  return at;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::vector<LongestPrefix::Entry> contents;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string& content = tokens_[i].content;
    contents.push_back({content, static_cast<std::int32_t>(i)});
    const std::size_t first = static_cast<unsigned char>(content[0]);
    for (std::size_t second = 0; second < 256; ++second) {
      if (content.size() > 1 && second != static_cast<unsigned char>(content[1])) continue;
      begins_token_.set(first * 256 + second);
    }
  }
  contents_ = LongestPrefix(std::move(contents));
}

std::size_t AddedTokens::next_candidate(std::string_view text, std::size_t at) const {
  if (tokens_.empty()) return text.size();
  for (; at + 1 < text.size(); ++at) {
    const std::size_t first = static_cast<unsigned char>(text[at]),
                      second = static_cast<unsigned char>(text[at + 1]);
    if (begins_token_[first * 256 + second]) return at;
  }
  return at;  // the last byte may be a token, too
}

const AddedToken* AddedTokens::match(std::string_view text, std::size_t at) const {
  const auto found = contents_.find(text.substr(at));
  return found ? &tokens_[static_cast<std::size_t>(found->value)] : nullptr;
}

bool AddedTokens::counts(const AddedToken& token, std::string_view text, std::size_t at,
                         bool parse_special) const {
  if (token.special && !parse_special) return false;
  if (!token.single_word) return true;
  const std::size_t end = at + token.content.size();
  return !(at > 0 && is_word_character(character_at(text, character_begin(text, at)).code)) &&
         !(end < text.size() && is_word_character(character_at(text, end).code));
}

void AddedTokens::cut(std::string_view text, bool parse_special, const Piece& piece) const {
  std::size_t begin = 0;   // of the text that is not yet given out
  std::size_t behind = 0;  // where the spaces that were last looked through end
  for (std::size_t at = next_candidate(text, 0); at < text.size();) {
    const AddedToken* const token = match(text, at);
    const std::size_t end = at + (token ? token->content.size() : 1);
    if (token && counts(*token, text, at, parse_special)) {
      const std::size_t from = token->takes_spaces_before ? spaces_begin(text, begin, at) : at;
      if (from > begin) piece(text.substr(begin, from - begin), {});
      if (token->takes_spaces_behind && end >= behind) behind = spaces_end(text, end);
      begin = token->takes_spaces_behind ? behind : end;
      piece(text.substr(from, begin - from), token->id);
    }
    at = next_candidate(text, end);  // among the spaces taken, too, as the reference does
  }
  if (begin < text.size()) piece(text.substr(begin), {});
}

}  // namespace arf
