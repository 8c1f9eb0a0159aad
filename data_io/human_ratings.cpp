#include "data_io/human_ratings.h"

#include "core/error.h"

namespace arf {

void HumanRatings::add(int rating) {
  ARF_CHECK(rating >= 1 && rating <= 5, "a rating of {}", rating);
  ++(rating < 3 ? bad_ : rating == 3 ? neutral_ : good_);
}

std::optional<Satisfaction> HumanRatings::shares() const {
  const std::uint64_t all = bad_ + neutral_ + good_;
  if (all == 0) return std::nullopt;
  const auto share = [all](std::uint64_t count) {
    return static_cast<float>(static_cast<double>(count) / static_cast<double>(all));
  };
  return Satisfaction{share(bad_), share(neutral_), share(good_)};
}

}  // namespace arf
