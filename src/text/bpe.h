// Byte-pair encoding of one word: from its bytes on, always the first pair in the order of merges
// becomes one token, the leftmost where it stands twice, until no pair is left.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

// left + right becomes made; the place in the list is its rank.
struct Merge {
  TokenId left = 0, right = 0, made = 0;
};

class BytePairEncoder {
 public:
  // byte_tokens[b]: the token of byte b. Of equal pairs the later one holds. whole_words: words
  // (bytes) that are one token whatever the merges say (`ignore_merges`).
  BytePairEncoder(const std::array<TokenId, 256>& byte_tokens, const std::vector<Merge>& merges,
                  std::unordered_map<std::string, TokenId> whole_words);

  // Appends the tokens of a word. Time O(n log n) in its bytes. Thread-safe.
  void encode(std::string_view word, std::vector<TokenId>* tokens) const;

 private:
  struct Slot {
    std::uint64_t pair;
    std::uint32_t rank;  // kNoRank: the slot is free
    TokenId made;
  };
  static constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
  const Slot& find(TokenId left, TokenId right) const;
  void insert(const Merge& merge, std::uint32_t rank);
  void merge_short(std::string_view word, std::vector<TokenId>* tokens) const;
  void merge_long(std::string_view word, std::vector<TokenId>* tokens) const;

  std::array<TokenId, 256> byte_tokens_;
  std::vector<Slot> slots_;  // open addressing, linear probing, at most half full
  std::uint64_t mask_ = 0;
  std::unordered_map<std::string, TokenId> whole_words_;
};

}  // namespace arf
