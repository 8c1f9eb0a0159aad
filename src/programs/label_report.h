// What `arf label` shows: how far its ranks are, and what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/options.h"
#include "core/json.h"
#include "core/log.h"
#include "data_io/score_pieces.h"
#include "scoring/label_pieces.h"

namespace arf {

// How many rows all ranks have scored, by the files that they have left.
class PieceProgress {
 public:
  PieceProgress(const LabelPieces& pieces, const ScorePieces& scores);
  void look();    // now and then: once a second it looks at the disk
  void finish();  // all of them

 private:
  std::uint64_t rows_done() const;

  const LabelPieces& pieces_;
  const ScorePieces& scores_;
  std::uint64_t rows_ = 0;
  double looked_ = 0;  // seconds
  Progress progress_;
};

// index: of the corpus that was made from `corpus`.
void print_labels(const RunSettings& run, const std::string& corpus, const std::string& from,
                  const Json& index);

}  // namespace arf
