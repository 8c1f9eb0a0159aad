#include "text/merge_learner.h"

namespace arf {
namespace {

constexpr std::int64_t kSmallestCount = 2;  // a pair that occurs once teaches nothing

std::uint64_t pair_of(TokenId left, TokenId right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}
TokenId left_of(std::uint64_t pair) { return static_cast<TokenId>(pair >> 32); }
TokenId right_of(std::uint64_t pair) { return static_cast<TokenId>(pair & 0xffffffff); }

// Every "left right" of the word becomes `made`, from the left.
void replace_pair(std::uint64_t pair, TokenId made, std::vector<TokenId>* tokens) {
  std::size_t put = 0;
  for (std::size_t i = 0; i < tokens->size(); ++i, ++put) {
    const bool here = (*tokens)[i] == left_of(pair) && i + 1 < tokens->size() &&
                      (*tokens)[i + 1] == right_of(pair);
    (*tokens)[put] = here ? made : (*tokens)[i];
    if (here) ++i;
  }
  tokens->resize(put);
}

}  // namespace

void MergeLearner::add(std::vector<TokenId> word, std::int64_t count) {
  words_.push_back({std::move(word), count});
}

void MergeLearner::count_pairs(const Word& word, std::int64_t sign) {
  for (std::size_t i = 0; i + 1 < word.tokens.size(); ++i)
    pairs_[pair_of(word.tokens[i], word.tokens[i + 1])].count += sign * word.count;
}

void MergeLearner::note_places(std::uint32_t word, TokenId made) {
  const std::vector<TokenId>& tokens = words_[word].tokens;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (made != kAnyToken && tokens[i] != made && tokens[i + 1] != made) continue;
    const std::uint64_t key = pair_of(tokens[i], tokens[i + 1]);
    std::vector<std::uint32_t>& places = pairs_[key].words;
    if (places.empty()) new_pairs_.push_back(key);
    if (places.empty() || places.back() != word) places.push_back(word);
  }
}

void MergeLearner::apply(std::uint64_t pair, TokenId made) {
  const std::vector<std::uint32_t> places = std::move(pairs_[pair].words);
  for (const std::uint32_t place : places) {
    Word& word = words_[place];
    count_pairs(word, -1);
    replace_pair(pair, made, &word.tokens);
    count_pairs(word, +1);
    note_places(place, made);
  }
  pairs_.erase(pair);
}

std::vector<Merge> MergeLearner::learn(std::size_t most) {
  const auto queue_new_pairs = [&] {
    for (const std::uint64_t key : new_pairs_) queue_.push({pairs_[key].count, key});
    new_pairs_.clear();
  };
  for (std::uint32_t word = 0; word < words_.size(); ++word) {
    count_pairs(words_[word], +1);
    note_places(word, kAnyToken);
  }
  queue_new_pairs();
  std::vector<Merge> merges;
  while (merges.size() < most && !queue_.empty()) {
    const Candidate top = queue_.top();
    queue_.pop();
    const auto found = pairs_.find(top.pair);
    if (found == pairs_.end() || found->second.count < kSmallestCount) continue;
    if (found->second.count != top.count) {
      queue_.push({found->second.count, top.pair});
      continue;
    }
    const TokenId made = next_++;
    merges.push_back({left_of(top.pair), right_of(top.pair), made});
    apply(top.pair, made);
    queue_new_pairs();
  }
  return merges;
}

}  // namespace arf
