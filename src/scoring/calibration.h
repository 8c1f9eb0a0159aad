// Temperature scaling (Guo et al. 2017): one number that makes a scorer's confidence honest and
// changes no class.
#pragma once

#include <vector>

#include "scoring/examples.h"
#include "scoring/measures.h"

namespace arf {

inline constexpr double kMostTemperature = 20;  // and its inverse is the least

// The temperature, in [1 / kMostTemperature, kMostTemperature], by which to divide the logits of
// these predictions so that their cross-entropy with the labels is lowest. The loss is convex in
// the inverse of the temperature. 1 where there are none.
double fit_temperature(const std::vector<Satisfaction>& predicted,
                       const std::vector<Satisfaction>& labels);

struct Calibration {
  double temperature = 1;  // of the scorer, from now on
  Measures before, after;  // of the texts that it was fitted to
};
// Collective. Sets the scorer's temperature by held-out texts.
Calibration calibrate(Scorer* scorer, const std::vector<Example>& held, const Workers& workers);

}  // namespace arf
