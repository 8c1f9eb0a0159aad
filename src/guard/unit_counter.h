// Which unit of an iteration is worked on next, by whichever rank asks first: so a slow rank gets
// fewer. What a unit comes to does not depend on who made it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/lived_clock.h"
#include "guard/line_socket.h"

namespace arf {

// Counts the units of the last iterations, each from 0.
class Counted {
 public:
  std::uint32_t next(std::int64_t iteration);

 private:
  std::map<std::int64_t, std::uint32_t> next_;
};

class UnitCounter {
 public:
  UnitCounter() = default;  // of one rank, which counts by itself
  // hub: as Guardian::become_hub gives it; the hub counts.
  // lost_error where it cannot be reached in `deadline` seconds.
  UnitCounter(const std::string& hub, int rank, double deadline);

  // Threads may call it side by side. None: all `num_units` are taken.
  std::optional<std::uint32_t> take(std::int64_t iteration, std::uint32_t num_units);

 private:
  std::string ask(const std::string& line, double seconds);  // the hub's answer; empty: none
  std::mutex mutex_;
  LivedClock clock_;
  Counted alone_;
  bool has_hub_ = false;
  double deadline_ = 0;
  LineSocket hub_;
};

}  // namespace arf
