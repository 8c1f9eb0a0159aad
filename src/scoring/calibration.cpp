#include "scoring/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"

namespace arf {
namespace {

constexpr int kHalvings = 60;

using Three = std::array<double, 3>;

// Logarithms; a float32 probability may be 0 where the logarithm was about -100.
Three logarithms(const Satisfaction& s) {
  const auto log_of = [](float p) { return std::log(std::max(double(p), 1e-38)); };
  return {log_of(s.bad), log_of(s.neutral), log_of(s.good)};
}

// The slope of the summed cross-entropy by the inverse temperature: logits mean under the
// prediction less that under the label. It never falls.
double slope_at(double inverse, const std::vector<Three>& logits,
                const std::vector<Satisfaction>& labels) {
  double slope = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const Three& l = logits[i];
    const double most = *std::max_element(l.begin(), l.end());
    double sum = 0, mean = 0;
    for (const double logit : l) {
      const double weight = std::exp(inverse * (logit - most));
      sum += weight;
      mean += weight * logit;
    }
    const Satisfaction& q = labels[i];
    const double mass = double(q.bad) + q.neutral + q.good;
    slope += mass * mean / sum - (q.bad * l[0] + q.neutral * l[1] + q.good * l[2]);
  }
  return slope;
}

}  // namespace

double fit_temperature(const std::vector<Satisfaction>& predicted,
                       const std::vector<Satisfaction>& labels) {
  ARF_CHECK(predicted.size() == labels.size(), "{} predictions of {} labels", predicted.size(),
            labels.size());
  if (labels.empty()) return 1;
  std::vector<Three> logits;
  for (const Satisfaction& one : predicted) logits.push_back(logarithms(one));
  double low = std::log(1 / kMostTemperature), high = -low;  // of the inverse
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (slope_at(std::exp(middle), logits, labels) < 0 ? low : high) = middle;
  }
  return std::exp(-(low + high) / 2);
}

Calibration calibrate(Scorer* scorer, const std::vector<Example>& held, const Workers& workers) {
  std::vector<Satisfaction> labels;
  for (const Example& example : held) labels.push_back(example.target);
  const std::vector<Satisfaction> predicted = predict(*scorer, held, workers);
  Calibration result;
  result.before = measure(predicted, labels);
  result.temperature = scorer->head_form().temperature * fit_temperature(predicted, labels);
  scorer->set_temperature(result.temperature);
  result.after = measure_scorer(*scorer, held, workers);
  return result;
}

}  // namespace arf
