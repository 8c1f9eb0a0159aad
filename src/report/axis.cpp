#include "report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace arf {
namespace {

// What ends are clamped to, and the least that is between them: beyond, steps are 0 or infinite.
constexpr double kMost = 1e300, kLeast = 1e-300;

// The smallest of 1, 2, 5 times a power of ten that is at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Axis::Axis(double low, double high, double from, double to, int most_ticks, bool round_ends)
    : low_(std::clamp(low, -kMost, kMost)),
      high_(std::clamp(high, -kMost, kMost)),
      from_(from),
      to_(to) {
  if (!(high_ - low_ > std::max(kLeast, 1e-12 * std::max(std::abs(low_), std::abs(high_))))) {
    const double margin = std::abs(low_) < kLeast ? 1 : 0.1 * std::abs(low_);
    low_ -= margin;
    high_ += margin;
  }
  step_ = round_step((high_ - low_) / std::max(1, most_ticks));
  if (round_ends) {
    low_ = step_ * std::floor(low_ / step_ + 1e-9);
    high_ = step_ * std::ceil(high_ / step_ - 1e-9);
  }
  const double first = std::ceil(low_ / step_ - 1e-9);
  const double last = std::floor(high_ / step_ + 1e-9);
  for (double i = first; i <= last; ++i) ticks_.push_back(i * step_);
}

double Axis::pixel(double value) const {
  return from_ + (value - low_) / (high_ - low_) * (to_ - from_);
}

std::string Axis::label(double tick) const {
  if (std::abs(tick) < 1e-9 * step_) tick = 0;
  const double most = std::max(std::abs(low_), std::abs(high_));
  if (most >= 1e6 || step_ < 1e-4) return fmt::format("{:.3g}", tick);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step_) - 1e-9)));
  return fmt::format("{:.{}f}", tick, decimals);
}

}  // namespace arf
