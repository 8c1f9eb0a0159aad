#include "text/word_model.h"

#include <algorithm>

#include "text/unicode.h"

namespace arf {
namespace {

// Appends the one token that a word is, if it is one.
bool is_whole_word(const TextMap<TokenId>& words, std::string_view word,
                   std::vector<TokenId>* tokens) {
  if (words.empty()) return false;
  const auto whole = words.find(std::string(word));
  if (whole == words.end()) return false;
  tokens->push_back(whole->second);
  return true;
}

}  // namespace

ByteLevelBpe::ByteLevelBpe(const std::array<TokenId, 256>& byte_tokens,
                           const std::vector<Merge>& merges, TextMap<TokenId> whole_words)
    : byte_tokens_(byte_tokens), merges_(merges), whole_words_(std::move(whole_words)) {}

void ByteLevelBpe::encode(std::string_view word, std::vector<TokenId>* tokens) const {
  if (is_whole_word(whole_words_, word, tokens)) return;
  const std::size_t begin = tokens->size();
  for (const char byte : word) tokens->push_back(byte_tokens_[static_cast<unsigned char>(byte)]);
  merges_.merge(begin, tokens);
}

CharacterBpe::CharacterBpe(const TextMap<TokenId>& vocabulary,
                           const std::array<TokenId, 256>& byte_tokens,
                           const std::vector<Merge>& merges, TextMap<TokenId> whole_words)
    : byte_tokens_(byte_tokens), merges_(merges), whole_words_(std::move(whole_words)) {
  ascii_.fill(-1);
  for (const auto& [token, id] : vocabulary) {
    const Character first = character_at(token, 0);
    if (first.length != token.size()) continue;
    if (first.code < ascii_.size()) {
      ascii_[first.code] = id;
    } else {
      characters_.emplace(first.code, id);
    }
  }
}

void CharacterBpe::begin_with(std::string_view word, std::vector<TokenId>* tokens) const {
  for (std::size_t at = 0; at < word.size();) {
    const Character next = character_at(word, at);
    TokenId id = -1;
    if (next.code < ascii_.size()) {
      id = ascii_[next.code];
    } else if (const auto found = characters_.find(next.code); found != characters_.end()) {
      id = found->second;
    }
    if (id >= 0) {
      tokens->push_back(id);
    } else {
      for (const char byte : word.substr(at, next.length)) {
        tokens->push_back(byte_tokens_[static_cast<unsigned char>(byte)]);
      }
    }
    at += next.length;
  }
}

void CharacterBpe::encode(std::string_view word, std::vector<TokenId>* tokens) const {
  if (is_whole_word(whole_words_, word, tokens)) return;
  const std::size_t begin = tokens->size();
  begin_with(word, tokens);
  merges_.merge(begin, tokens);
}

WordPiece::WordPiece(const TextMap<TokenId>& vocabulary, const Settings& settings)
    : settings_(settings) {
  std::vector<LongestPrefix::Entry> first, further;
  for (const auto& [piece, id] : vocabulary) {
    first.push_back({piece, id});
    if (piece.starts_with(settings.prefix)) {
      further.push_back({piece.substr(settings.prefix.size()), id});
    }
  }
  first_ = LongestPrefix(std::move(first));
  further_ = LongestPrefix(std::move(further));
}

void WordPiece::encode(std::string_view word, std::vector<TokenId>* tokens) const {
  const auto characters =
      static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
      }));
  if (characters > settings_.most_characters) return tokens->push_back(settings_.unknown);
  const std::size_t before = tokens->size();
  for (std::size_t begin = 0; begin < word.size();) {
    const auto piece = (begin == 0 ? first_ : further_).find(word.substr(begin));
    if (!piece) {
      tokens->resize(before);
      return tokens->push_back(settings_.unknown);
    }
    tokens->push_back(piece->value);
    begin += piece->length;
  }
}

}  // namespace arf
