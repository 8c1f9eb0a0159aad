#include "comm/rank_layout.h"

#include <algorithm>

#include "core/error.h"

namespace arf {
namespace {

void check(const char* key, int count, int num_ranks) {
  if (count < 0 || count > num_ranks) {
    usage_error("--roles.{} is {}; with {} ranks use 0 (every rank) to {}", key, count, num_ranks,
                num_ranks);
  }
}

std::vector<int> ranks_from(int first, int count) {
  std::vector<int> ranks;
  for (int i = 0; i < count; ++i) ranks.push_back(first + i);
  return ranks;
}

bool holds(const std::vector<int>& ranks, int rank) {
  return std::find(ranks.begin(), ranks.end(), rank) != ranks.end();
}

std::string span_text(const std::vector<int>& ranks) {  // the ranks of a role stand in a row
  return ranks.size() == 1 ? fmt::format("{}", ranks.front())
                           : fmt::format("{}-{}", ranks.front(), ranks.back());
}

}  // namespace

RankLayout::RankLayout(int num_ranks, const RoleCounts& counts) {
  check("generators", counts.generators, num_ranks);
  check("scorers", counts.scorers, num_ranks);
  check("learners", counts.learners, num_ranks);
  const auto or_all = [&](int count) { return count == 0 ? num_ranks : count; };
  const int g = or_all(counts.generators), s = or_all(counts.scorers), l = or_all(counts.learners);
  learners_ = ranks_from(0, l);
  generators_ = ranks_from(num_ranks - g, g);
  scorers_ = ranks_from(g + s + l <= num_ranks ? l : num_ranks - s, s);
  for (int rank = 0; rank < num_ranks; ++rank) {
    if (learns(rank) || scores(rank) || generates(rank)) continue;
    usage_error(
        "{} generators, {} scorers and {} learners leave rank {} of {} without a role; raise a "
        "--roles count or start fewer ranks",
        g, s, l, rank, num_ranks);
  }
}

bool RankLayout::generates(int rank) const { return holds(generators_, rank); }
bool RankLayout::scores(int rank) const { return holds(scorers_, rank); }
bool RankLayout::learns(int rank) const { return holds(learners_, rank); }

std::string RankLayout::text() const {
  return fmt::format("learners {}; scorers {}; generators {}", span_text(learners_),
                     span_text(scorers_), span_text(generators_));
}

}  // namespace arf
