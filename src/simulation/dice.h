// Random choices one after another, from one stream.
#pragma once

#include <span>

#include "core/philox.h"

namespace arf {

class Dice {
 public:
  explicit Dice(const RandomStream& stream) : stream_(stream) {}
  bool chance(double probability) { return stream_.uniform(next_++) < probability; }
  double normal() { return stream_.normal(next_++); }
  std::size_t below(std::size_t limit) {
    return stream_.below(next_++, static_cast<std::uint32_t>(limit));
  }
  template <typename List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  RandomStream stream_;
  std::uint32_t next_ = 0;  // index of the next number
};

}  // namespace arf
