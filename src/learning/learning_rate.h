// Learning-rate schedules.
#pragma once

#include <cstdint>
#include <string>

namespace arf {

struct LearningRateSettings {
  std::string schedule = "constant";  // constant | linear | cosine
  double peak = 0;                    // 0: to be chosen by what is trained
  std::int64_t warmup = 0;            // iterations over which the rate rises to the peak
  double final_fraction = 0;          // linear, cosine: of the peak, left at the end
};

// usage_error: an unknown schedule, a rate that is not positive, a warm-up below 0.
void check_learning_rate(const LearningRateSettings& settings);

// The rate of iteration `step` of `total` (step counts from 0). Example: linear, peak 1, warm-up 2,
// total 6: 0.5, 1, 1, 0.75, 0.5, 0.25.
double learning_rate_at(const LearningRateSettings& settings, std::int64_t step,
                        std::int64_t total);

}  // namespace arf
