#include "scoring/preference_bias.h"

#include <algorithm>
#include <cmath>

namespace arf {

double cosine_similarity(const Satisfaction& a, const Satisfaction& b) {
  const auto dot = [](const Satisfaction& x, const Satisfaction& y) {
    return static_cast<double>(x.bad) * y.bad + static_cast<double>(x.neutral) * y.neutral +
           static_cast<double>(x.good) * y.good;
  };
  const double lengths = std::sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? std::clamp(dot(a, b) / lengths, 0.0, 1.0) : 0.0;
}

double preference_sigmoid(double offset, double s_sig) {
  return 1.0 / (1.0 + std::exp(-offset * s_sig));
}

double preference_weight(const Satisfaction& a, const Satisfaction& b, double s_sig) {
  return preference_sigmoid(cosine_similarity(a, b) - 0.5, s_sig);
}

Satisfaction blend(const Satisfaction& a, const Satisfaction& b, double w) {
  const auto mix = [w](float x, float y) { return static_cast<float>(w * x + (1.0 - w) * y); };
  return {mix(a.bad, b.bad), mix(a.neutral, b.neutral), mix(a.good, b.good)};
}

Satisfaction biased_score(const Satisfaction& arf, const Satisfaction& fixed, double s_sig) {
  return blend(arf, fixed, preference_weight(arf, fixed, s_sig));
}

Satisfaction rescore(const Satisfaction& stored, const Satisfaction& fresh, double s_sig) {
  return blend(fresh, stored, preference_weight(fresh, stored, s_sig));
}

}  // namespace arf
