// Learns merges from counted words: again and again the most frequent pair of neighbours becomes
// a token.
#pragma once

#include <cstdint>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/bpe.h"

namespace arf {

class MergeLearner {
 public:
  // Token ids below `first_new` exist already; the first merge makes the token `first_new`.
  explicit MergeLearner(TokenId first_new) : next_(first_new) {}

  // A word of at least one token that occurs `count` times. Each word is added once.
  void add(std::vector<TokenId> word, std::int64_t count);
  // At most `most` merges, in order; fewer where no pair occurs twice any more. Of equally
  // frequent pairs the one with the smaller ids comes first, so the order of add does not matter.
  std::vector<Merge> learn(std::size_t most);

 private:
  struct Word {
    std::vector<TokenId> tokens;
    std::int64_t count;
  };
  struct Pair {
    std::int64_t count = 0;
    std::vector<std::uint32_t> words;  // where it stands or stood, ascending
  };
  struct Candidate {
    std::int64_t count;
    std::uint64_t pair;
    bool operator<(const Candidate& other) const {
      return count != other.count ? count < other.count : pair > other.pair;
    }
  };
  static constexpr TokenId kAnyToken = -1;
  void count_pairs(const Word& word, std::int64_t sign);
  // Notes that the pairs of `made` stand in the word: the others are noted already.
  void note_places(std::uint32_t word, TokenId made);
  void apply(std::uint64_t pair, TokenId made);

  TokenId next_;
  std::vector<Word> words_;
  std::unordered_map<std::uint64_t, Pair> pairs_;
  std::priority_queue<Candidate> queue_;  // counts may be out of date: they only ever fall
  std::vector<std::uint64_t> new_pairs_;  // made by a merge, not yet in the queue
};

}  // namespace arf
