// The system's clocks, in seconds.
#pragma once

#include <chrono>

namespace arf {

// From some moment on; it never goes back.
inline double steady_seconds() {
  using std::chrono::duration, std::chrono::steady_clock;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// Since 1970.
inline double wall_seconds() {
  using std::chrono::duration, std::chrono::system_clock;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

}  // namespace arf
