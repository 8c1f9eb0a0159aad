// Added tokens: strings that are one token wherever they stand in a text, before any splitting.
// Those marked special (they end turns, begin texts) count only where the caller says so.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/longest_prefix.h"
#include "text/tokenizer.h"

namespace arf {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  bool special = false;
  bool takes_spaces_before = false, takes_spaces_behind = false;  // lstrip, rstrip
  bool single_word = false;  // only where no word's character stands beside it
  bool normalized = false;   // looked for in the normalised text, not in the raw one
};

class AddedTokens {
 public:
  explicit AddedTokens(std::vector<AddedToken> tokens);

  // The text in pieces, in order: a token, or text without one (never empty). Of tokens that begin
  // at the same byte the longest is taken.
  using Piece = std::function<void(std::string_view text, std::optional<TokenId> token)>;
  void cut(std::string_view text, bool parse_special, const Piece& piece) const;

 private:
  std::size_t next_candidate(std::string_view text, std::size_t at) const;
  bool counts(const AddedToken& token, std::string_view text, std::size_t at,
              bool parse_special) const;
  const AddedToken* match(std::string_view text, std::size_t at) const;

  std::vector<AddedToken> tokens_;
  LongestPrefix contents_;  // values: indices
  // By first and second byte: whether a token begins so. A first byte alone stops too often: some
  // vocabularies have tokens for runs of spaces.
  std::bitset<256 * 256> begins_token_;
};

}  // namespace arf
