// The merges of byte-pair encoding: of a word's symbols always the first pair in the order of
// merges becomes one token, the leftmost where it stands twice, until no pair is left.
#pragma once

#include <cstdint>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

// left + right becomes made; the place in the list is its rank.
struct Merge {
  TokenId left = 0, right = 0, made = 0;
};

class MergeRanks {
 public:
  // Of equal pairs the later one holds.
  explicit MergeRanks(const std::vector<Merge>& merges);

  // Merges the tokens from `begin` on, the symbols of one word, until no pair is left that merges.
  // Time O(n log n). Thread-safe.
  void merge(std::size_t begin, std::vector<TokenId>* tokens) const;

 private:
  struct Slot {
    std::uint64_t pair;
    std::uint32_t rank;  // kNoRank: the slot is free
    TokenId made;
  };
  static constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
  const Slot& find(TokenId left, TokenId right) const;
  void insert(const Merge& merge, std::uint32_t rank);
  std::size_t merge_short(TokenId* parts, std::size_t count) const;  // the tokens left
  std::size_t merge_long(TokenId* parts, std::size_t count) const;

  std::vector<Slot> slots_;  // open addressing, linear probing, at most half full; two or more
  std::uint64_t salt_;       // nobody can write merges that all fall into one place
  int shift_;
};

}  // namespace arf
