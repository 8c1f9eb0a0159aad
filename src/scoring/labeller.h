// Scores responses, in blocks of rows: no text is held for longer than its block.
#pragma once

#include <vector>

#include "records/dialogue.h"
#include "scoring/labels.h"
#include "scoring/scorer.h"

namespace arf {

class Labeller {
 public:
  Labeller(const Scorer& scorer, LabelSource source, int num_threads)
      : scorer_(scorer), source_(source), num_threads_(num_threads) {}

  void add(Dialogue dialogue);
  // The scores of labelled_turns() of all rows since the last call, row after row. A response's
  // does not depend on the rows beside it.
  std::vector<Satisfaction> finish();

 private:
  void score_block();

  const Scorer& scorer_;
  LabelSource source_;
  int num_threads_;
  std::vector<Dialogue> block_;
  std::size_t inputs_ = 0, bytes_ = 0;  // in the block
  std::vector<Satisfaction> scores_;
};

}  // namespace arf
