// Seconds as this process lives them: while it stands still (Ctrl-Z, a suspended job, a frozen
// container) they do not go by, so that nobody who stood still, too, is judged for it.
#pragma once

#include <algorithm>
#include <chrono>

namespace arf {

// To be looked at more often than once a second.
class LivedClock {
 public:
  double tick() {
    constexpr double kLongestLook = 1;
    const double at = seconds();
    now_ += std::min(at - looked_, kLongestLook);
    looked_ = at;
    return now_;
  }

 private:
  static double seconds() {
    using std::chrono::duration, std::chrono::steady_clock;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
  }
  double looked_ = seconds(), now_ = looked_;
};

}  // namespace arf
