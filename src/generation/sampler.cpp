#include "generation/sampler.h"

#include <algorithm>
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

double sum_of(const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  return sum;
}

}  // namespace

Sampler::Sampler(const SamplingRule& rule) : rule_(rule) {
  if (!(rule.temperature >= 0)) {
    usage_error("the sampling temperature is {}: it must be 0 (greedy) or more", rule.temperature);
  }
  if (rule.top_k < 0) usage_error("generate.top_k is {}: use 0 (all) or more", rule.top_k);
  if (!(rule.top_p > 0 && rule.top_p <= 1)) {
    usage_error("generate.top_p is {}: it must be above 0 and at most 1 (all)", rule.top_p);
  }
  if (!(rule.min_p >= 0 && rule.min_p <= 1)) {
    usage_error("generate.min_p is {}: it must be from 0 (all) to 1", rule.min_p);
  }
  if (!(rule.repetition_penalty >= 1e-6 && rule.repetition_penalty <= 1e6)) {
    usage_error("generate.repetition_penalty is {}: it must be from 1e-6 to 1e6 (1: none)",
                rule.repetition_penalty);
  }
}

// Keskar et al. 2019, section 4.1; each token once, however often it stands there.
void Sampler::penalise(std::span<const std::int32_t> before) {
  const auto penalty = static_cast<float>(rule_.repetition_penalty);
  std::vector<std::int32_t> tokens(before.begin(), before.end());
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  for (const std::int32_t token : tokens) {
    float& logit = logits_.at(static_cast<std::size_t>(token));
    logit = logit < 0 ? logit * penalty : logit / penalty;
  }
}

void Sampler::keep_top_k() {
  const auto k = static_cast<std::size_t>(rule_.top_k);
  if (k == 0 || k >= weights_.size()) return;
  std::vector<double> sorted = weights_;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(k - 1),
                   sorted.end(), std::greater<>());
  for (double& weight : weights_) {
    if (weight < sorted[k - 1]) weight = 0;
  }
}

// Holtzman et al. 2020; of equally likely tokens those with the lower ids.
void Sampler::keep_top_p() {
  if (rule_.top_p >= 1) return;
  order_.clear();
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] > 0) order_.emplace_back(weights_[i], -static_cast<std::int32_t>(i));
  }
  double left = rule_.top_p * sum_of(weights_);
  std::fill(weights_.begin(), weights_.end(), 0.0);
  std::make_heap(order_.begin(), order_.end());  // few are taken: cheaper than sorting all
  while (!order_.empty() && left > 0) {
    std::pop_heap(order_.begin(), order_.end());
    const auto [weight, token] = order_.back();
    order_.pop_back();
    weights_[static_cast<std::size_t>(-token)] = weight;
    left -= weight;
  }
}

Sampler::Drawn Sampler::pick(std::span<const float> logits, double uniform,
                             std::span<const std::int32_t> before) {
  ARF_CHECK(!logits.empty(), "no logits");
  if (rule_.repetition_penalty != 1) {
    largest(logits);  // refuses what is not finite
    logits_.assign(logits.begin(), logits.end());
    penalise(before);
    logits = logits_;
  }
  const std::size_t best = largest(logits);
  if (rule_.temperature == 0) return {static_cast<std::int32_t>(best), 0};
  weights_.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double distance = static_cast<double>(logits[i]) - static_cast<double>(logits[best]);
    weights_[i] = std::exp(distance / rule_.temperature);
  }
  keep_top_k();
  keep_top_p();
  for (double& weight : weights_) {
    if (weight < rule_.min_p) weight = 0;  // the likeliest token's weight is 1
  }
  const double sum = sum_of(weights_), wanted = uniform * sum;
  // uniform * sum may round up to the whole sum; the last token that can be drawn is meant then.
  std::size_t token = weights_.size() - 1;
  while (weights_[token] == 0) --token;
  double passed = 0;
  for (std::size_t i = 0; i < token; ++i) {
    passed += weights_[i];
    if (passed > wanted) token = i;
  }
  return {static_cast<std::int32_t>(token), std::log(weights_[token] / sum)};
}

}  // namespace arf
