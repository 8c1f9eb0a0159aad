// A linear axis with round ticks.
#pragma once

#include <string>
#include <vector>

namespace arf {

class Axis {
 public:
  // Covers [low, high], widened to round numbers where `round_ends`; pixels run from `from` to
  // `to`.
  Axis(double low, double high, double from, double to, int most_ticks, bool round_ends);

  double pixel(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }
  std::string label(double tick) const;  // as many decimals as the step needs

 private:
  double low_, high_, from_, to_, step_;
  std::vector<double> ticks_;
};

}  // namespace arf
