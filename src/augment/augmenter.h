// Rows in, the rows and their children out, in blocks, so that a scorer has batches and no text is
// held for longer than its block. What comes out depends on neither blocks nor threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "augment/augment_settings.h"
#include "augment/row_plan.h"
#include "augment/score_memo.h"
#include "augment/site_finder.h"

namespace arf {

class Augmenter {
 public:
  static constexpr std::size_t kRowsPerBlock = 256;

  // `tools` must outlive the augmenter. `take` receives each row, followed by its synonym variants,
  // its truncation and its pair, in the order of add(). usage_error: settings out of range, pairs
  // without an ARF scorer.
  Augmenter(const AugmentSettings& settings, const SynonymTools& tools, AugmentScorers scorers,
            int num_threads, std::function<void(const Dialogue&)> take);

  Augmenter(const Augmenter&) = delete;
  Augmenter& operator=(const Augmenter&) = delete;

  void add(const Dialogue& row);
  // Augments what is left. input_error where there is a scorer, but no response of any row has a
  // satisfaction to start from.
  void finish();
  const AugmentCounts& counts() const { return counts_; }

 private:
  void augment_block();
  void find_missing_fixed(std::vector<RowPlan>* plans) const;
  void score(std::vector<RowPlan>* plans);
  void write(const RowPlan& plan);
  void count(const RowPlan& plan);

  AugmentSettings settings_;
  const SynonymTools& tools_;
  AugmentScorers scorers_;           // arf: through the memo
  std::unique_ptr<ScoreMemo> memo_;  // of one block
  int num_threads_;
  std::function<void(const Dialogue&)> take_;
  std::vector<Dialogue> block_;
  std::size_t bytes_ = 0;  // of the block
  AugmentCounts counts_;
};

}  // namespace arf
