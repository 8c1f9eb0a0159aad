// Who does what: the split of the world's ranks into roles, and of an iteration's units over the
// ranks of a role. Results do not depend on it: a layout only decides where a unit runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace arf {

struct RoleCounts {
  int generators = 0, scorers = 0, learners = 0;  // 0: every rank holds that role
};

// Learners are the first ranks of the world, so that rank 0, which speaks and writes, always holds
// the newest policy. Generators are the last. Scorers stand between them where there is room, else
// they share the last ranks with the generators. Example, 7 ranks, counts 4, 2, 1: learner 0,
// scorers 1 and 2, generators 3 to 6; 2 ranks, counts 1, 1, 1: learner 0, generator and scorer 1.
class RankLayout {
 public:
  // usage_error: a count below 0 or over the number of ranks, a rank that would hold no role.
  RankLayout(int num_ranks, const RoleCounts& counts);

  const std::vector<int>& generators() const { return generators_; }  // ranks, ascending
  const std::vector<int>& scorers() const { return scorers_; }
  const std::vector<int>& learners() const { return learners_; }

  // The rank that a unit's work of each kind runs on.
  int generator_of(std::uint32_t unit) const { return generators_[unit % generators_.size()]; }
  int scorer_of(std::uint32_t unit) const { return scorers_[unit % scorers_.size()]; }
  int learner_of(std::uint32_t unit) const { return learners_[unit % learners_.size()]; }

  bool generates(int rank) const;
  bool scores(int rank) const;
  bool learns(int rank) const;
  std::string text() const;  // "learners 0; scorers 1-2; generators 3-6"

 private:
  std::vector<int> generators_, scorers_, learners_;
};

}  // namespace arf
