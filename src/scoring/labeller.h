// Labels responses, in blocks of rows: no text is held for longer than its block.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "records/dialogue.h"
#include "scoring/scorer.h"

namespace arf {

enum class LabelSource {
  kFollowUp,  // what the user's next turn expresses, by the static scorer (paper 3.1)
  kResponse,  // the ARF scorer's own opinion of (prompt, response): for tasks without follow-ups
};

struct LabelCounts {
  std::uint64_t rows = 0, rows_without = 0;  // rows_without: nothing in them could be labelled
  std::uint64_t responses = 0, labelled = 0;
  std::uint64_t replaced = 0;              // had a satisfaction, which is now history
  std::array<std::uint64_t, 3> classes{};  // likeliest class of the labels
  double reward_sum = 0;
  double mean_reward() const { return labelled ? reward_sum / static_cast<double>(labelled) : 0; }
};

class Labeller {
 public:
  // take receives every row in the order of add(), labelled.
  Labeller(const Scorer& scorer, LabelSource source, int num_threads,
           std::function<void(const Dialogue&)> take)
      : scorer_(scorer), source_(source), num_threads_(num_threads), take_(std::move(take)) {}

  void add(const Dialogue& dialogue);
  void finish();  // labels what is left
  const LabelCounts& counts() const { return counts_; }

 private:
  bool can_label(const Dialogue& dialogue, std::size_t turn) const;
  void label_block();

  const Scorer& scorer_;
  LabelSource source_;
  int num_threads_;
  std::function<void(const Dialogue&)> take_;
  std::vector<Dialogue> block_;
  std::size_t inputs_ = 0, bytes_ = 0;  // in the block
  LabelCounts counts_;
};

}  // namespace arf
