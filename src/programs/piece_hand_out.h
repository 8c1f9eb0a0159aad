// Which piece of a list a rank works on next. Any rank may work on any of them, and the result does
// not depend on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "guard/unit_counter.h"
#include "programs/guarded_ranks.h"

namespace arf {

class PieceHandOut {
 public:
  // pieces: the same on all ranks. Each begins with its share of them, in order, so that it reads
  // few shards of a corpus, and helps another when it is through. Where nobody watches the ranks,
  // and so nobody counts, a rank has its share and no more. lost_error where rank 0's hub is not
  // reached.
  PieceHandOut(std::vector<std::uint64_t> pieces, const GuardedRank& rank);

  std::optional<std::uint64_t> next();
  // Takes what is left, so that no rank gets any more; how many they were.
  std::uint64_t withdraw();

 private:
  std::size_t first_of(std::size_t share) const { return share * pieces_.size() / shares_; }

  std::vector<std::uint64_t> pieces_;
  std::size_t shares_, at_;  // at_: the share that this rank takes from
  std::size_t seen_ = 0;     // shares that it found empty
  bool is_alone_;            // has its share and no more
  std::unique_ptr<UnitCounter> counter_;
};

}  // namespace arf
