#include "text/added_tokens.h"

#include <algorithm>

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
    std::size_t at = end - 1;
    while (at > begin && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
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

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens) {
  for (const AddedToken& token : tokens) {
    tokens_.emplace(token.content, token);
    const auto first = static_cast<unsigned char>(token.content[0]);
    std::vector<std::size_t>& lengths = lengths_[first];
    if (lengths.empty()) first_bytes_.push_back(token.content[0]);
    if (std::find(lengths.begin(), lengths.end(), token.content.size()) == lengths.end())
      lengths.push_back(token.content.size());
    std::sort(lengths.begin(), lengths.end(), std::greater<>());
  }
}

const AddedToken* AddedTokens::match(std::string_view text, std::size_t at) const {
  for (const std::size_t length : lengths_[static_cast<unsigned char>(text[at])]) {
    if (length > text.size() - at) continue;
    const auto found = tokens_.find(std::string(text.substr(at, length)));
    if (found != tokens_.end()) return &found->second;
  }
  return nullptr;
}

void AddedTokens::cut(std::string_view text, bool parse_special, const Piece& piece) const {
  std::size_t begin = 0;  // of the text that is not yet given out
  std::size_t at = tokens_.empty() ? std::string_view::npos : text.find_first_of(first_bytes_);
  while (at != std::string_view::npos) {
    const AddedToken* const token = match(text, at);
    std::size_t end = at + (token ? token->content.size() : 1);
    if (token && (parse_special || !token->special)) {
      const std::size_t from = token->takes_spaces_before ? spaces_begin(text, begin, at) : at;
      if (token->takes_spaces_behind) end = spaces_end(text, end);
      if (from > begin) piece(text.substr(begin, from - begin), {});
      piece(text.substr(from, end - from), token->id);
      begin = end;
    }
    at = text.find_first_of(first_bytes_, end);
  }
  if (begin < text.size()) piece(text.substr(begin), {});
}

}  // namespace arf
