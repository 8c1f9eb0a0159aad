#include "core/epoch_order.h"

#include <numeric>
#include <utility>

#include "core/error.h"

namespace arf {

EpochOrder::EpochOrder(std::size_t size, std::uint64_t seed, Purpose purpose)
    : order_(size), seed_(seed), purpose_(purpose) {
  ARF_CHECK(size < UINT32_MAX, "an order of {} rows", size);
}

std::size_t EpochOrder::at(std::uint64_t position) {
  ARF_CHECK(!order_.empty(), "no rows to order");
  const std::uint64_t epoch = position / order_.size();
  if (epoch != epoch_) {  // Fisher and Yates
    epoch_ = epoch;
    std::iota(order_.begin(), order_.end(), 0);
    const RandomStream stream(seed_, purpose_, epoch);
    for (std::size_t i = order_.size(); i > 1; --i) {
      const auto limit = static_cast<std::uint32_t>(i);
      std::swap(order_[i - 1], order_[stream.below(limit, limit)]);
    }
  }
  return order_[position % order_.size()];
}

}  // namespace arf
