#include "learning/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"

namespace arf {

void check_learning_rate(const LearningRateSettings& settings) {
  const std::string& name = settings.schedule;
  if (name != "constant" && name != "linear" && name != "cosine") {
    usage_error("the learning-rate schedule is `{}`; there are constant, linear, cosine", name);
  }
  if (!(settings.peak > 0) || !std::isfinite(settings.peak)) {
    usage_error("the learning rate is {}; it must be over 0", settings.peak);
  }
  if (settings.warmup < 0) {
    usage_error("the learning rate warms up over {} iterations; use 0 or more", settings.warmup);
  }
  if (!(settings.final_fraction >= 0 && settings.final_fraction <= 1)) {
    usage_error("the learning rate ends at {} of its peak; use 0 to 1", settings.final_fraction);
  }
}

double learning_rate_at(const LearningRateSettings& settings, std::int64_t step,
                        std::int64_t total) {
  if (step < settings.warmup) {
    return settings.peak * static_cast<double>(step + 1) / static_cast<double>(settings.warmup);
  }
  if (settings.schedule == "constant") return settings.peak;
  const double after_warmup =
      static_cast<double>(std::max<std::int64_t>(total - settings.warmup, 1));
  const double done = std::min(1.0, static_cast<double>(step - settings.warmup) / after_warmup);
  const double left =
      settings.schedule == "linear" ? 1 - done : 0.5 * (1 + std::cos(std::numbers::pi * done));
  return settings.peak * (settings.final_fraction + (1 - settings.final_fraction) * left);
}

}  // namespace arf
