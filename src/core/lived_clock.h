// Seconds as this process lives them: while it stands still (Ctrl-Z, a suspended job, a frozen
// container) they do not go by, so that nobody who stood still, too, is judged for it.
#pragma once

#include <algorithm>

#include "core/clock.h"

namespace arf {

// To be looked at more often than once a second.
class LivedClock {
 public:
  double tick() {
    constexpr double kLongestLook = 1;
    const double at = steady_seconds();
    now_ += std::min(at - looked_, kLongestLook);
    looked_ = at;
    return now_;
  }

 private:
  double looked_ = steady_seconds(), now_ = looked_;
};

}  // namespace arf
