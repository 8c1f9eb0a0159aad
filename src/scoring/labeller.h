// Labels responses by their follow-ups, in blocks of rows: memory does not grow with the corpus.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "records/dialogue.h"
#include "scoring/scorer.h"

namespace arf {

struct LabelCounts {
  std::uint64_t rows = 0, rows_without = 0;  // rows_without: no response with a follow-up in them
  std::uint64_t responses = 0, labelled = 0;
  std::uint64_t replaced = 0;                // had a satisfaction, which is now history
  std::array<std::uint64_t, 3> classes{};    // likeliest class of the labels
  double reward_sum = 0;
  double mean_reward() const { return labelled ? reward_sum / static_cast<double>(labelled) : 0; }
};

class Labeller {
 public:
  // take receives every row in the order of add(), labelled.
  Labeller(const Scorer& scorer, int num_threads, std::function<void(const Dialogue&)> take)
      : scorer_(scorer), num_threads_(num_threads), take_(std::move(take)) {}

  void add(const Dialogue& dialogue);
  void finish();  // labels what is left
  const LabelCounts& counts() const { return counts_; }

 private:
  void label_block();

  const Scorer& scorer_;
  int num_threads_;
  std::function<void(const Dialogue&)> take_;
  std::vector<Dialogue> block_;
  std::size_t follow_ups_ = 0;  // in the block
  LabelCounts counts_;
};

}  // namespace arf
