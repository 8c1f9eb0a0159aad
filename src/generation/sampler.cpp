#include "generation/sampler.h"

#include <cmath>

#include "core/error.h"

namespace arf {
namespace {

std::size_t largest(std::span<const float> logits) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (!std::isfinite(logits[i])) {
      input_error(
          "the model's logit of token {} is {}: its weights or its adapter are broken, or "
          "training diverged (try a smaller learning rate)",
          i, logits[i]);
    }
    if (logits[i] > logits[best]) best = i;
  }
  return best;
}

}  // namespace

std::int32_t Sampler::pick(std::span<const float> logits, double uniform) {
  ARF_CHECK(!logits.empty(), "no logits");
  const std::size_t best = largest(logits);
  if (temperature_ == 0) return static_cast<std::int32_t>(best);
  weights_.resize(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double distance = static_cast<double>(logits[i]) - static_cast<double>(logits[best]);
    weights_[i] = std::exp(distance / temperature_);
    sum += weights_[i];
  }
  const double wanted = uniform * sum;
  double passed = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    passed += weights_[i];
    if (passed > wanted) return static_cast<std::int32_t>(i);
  }
  // uniform * sum may round up to the whole sum; the last token that can be drawn is meant then.
  std::size_t last = logits.size() - 1;
  while (weights_[last] == 0) --last;
  return static_cast<std::int32_t>(last);
}

}  // namespace arf
