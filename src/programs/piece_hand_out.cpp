#include "programs/piece_hand_out.h"

#include <algorithm>
#include <utility>

namespace arf {
namespace {

// Of so many the hub keeps count at a time (guard/unit_counter.cpp); more ranks begin two by two.
constexpr std::size_t kMostShares = 64;

}  // namespace

PieceHandOut::PieceHandOut(std::vector<std::uint64_t> pieces, const GuardedRank& rank)
    : pieces_(std::move(pieces)) {
  const auto ranks = static_cast<std::size_t>(rank.world.size());
  is_alone_ = ranks > 1 && rank.hub.empty();
  shares_ = is_alone_ ? ranks : std::min(ranks, kMostShares);
  at_ = static_cast<std::size_t>(rank.world.rank()) % shares_;
  counter_ = rank.hub.empty()
                 ? std::make_unique<UnitCounter>()
                 : std::make_unique<UnitCounter>(rank.hub, rank.world.rank(), rank.deadlines.start);
}

std::optional<std::uint64_t> PieceHandOut::next() {
  while (seen_ < (is_alone_ ? 1 : shares_)) {
    const std::size_t first = first_of(at_), count = first_of(at_ + 1) - first;
    const auto taken =
        counter_->take(static_cast<std::int64_t>(at_), static_cast<std::uint32_t>(count));
    if (taken) return pieces_[first + *taken];
    at_ = (at_ + 1) % shares_;
    ++seen_;
  }
  return {};
}

std::uint64_t PieceHandOut::withdraw() {
  std::uint64_t count = 0;
  while (next()) ++count;
  return count;
}

}  // namespace arf
