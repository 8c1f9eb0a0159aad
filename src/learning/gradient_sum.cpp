#include "learning/gradient_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/activity.h"

namespace arf {
namespace {

constexpr int kHeadroomBits = 61;

// The largest |element|, NaN and infinity shown as infinity.
double largest(const std::vector<float>& values) {
  float most = 0;
  for (const float value : values) {
    const float size = std::fabs(value);
    if (!(size <= most)) most = std::isnan(size) ? std::numeric_limits<float>::infinity() : size;
  }
  return most;
}

}  // namespace

GradientSum::GradientSum(const Communicator& learners, std::size_t num_parameters,
                         std::size_t num_units)
    : learners_(learners), num_parameters_(num_parameters), num_units_(num_units) {}

void GradientSum::add(std::uint32_t unit, std::vector<float> gradient) {
  ARF_CHECK(gradient.size() == num_parameters_, "unit {}: {} elements of {}", unit, gradient.size(),
            num_parameters_);
  ARF_CHECK(!gradients_.contains(unit), "unit {} twice", unit);
  gradients_.emplace(unit, std::move(gradient));
}

// Every learner comes to the same value and to the same error: what one of them alone knew would
// leave the others waiting.
double GradientSum::agreed_maximum() const {
  std::int64_t count[] = {static_cast<std::int64_t>(gradients_.size())};
  learners_.sum(count);
  ARF_CHECK(count[0] == static_cast<std::int64_t>(num_units_), "{} units of {}", count[0],
            num_units_);
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  double agreed[] = {0, kNone};  // the largest finite |element|; minus the lowest broken unit
  for (const auto& [unit, gradient] : gradients_) {
    const double most = largest(gradient);
    note_progress();
    if (std::isfinite(most)) {
      agreed[0] = std::max(agreed[0], most);
    } else {
      agreed[1] = std::max(agreed[1], -static_cast<double>(unit));
    }
  }
  learners_.max(agreed);
  if (agreed[1] != kNone) {
    error_is_shared = true;
    input_error(
        "the gradient of unit {} is not finite: in the first iteration the base model's weights "
        "are broken, later training has diverged (lower the learning rate, or look at that unit's "
        "dialogues)",
        -agreed[1]);
  }
  return agreed[0];
}

double GradientSum::error_bound(double divisor) const {
  return element_error_ / divisor * std::sqrt(static_cast<double>(num_parameters_));
}

std::vector<float> GradientSum::reduce(double divisor) {
  const double most = agreed_maximum();
  std::vector<float> result(num_parameters_, 0.0f);
  if (most == 0) {
    gradients_.clear();
    return result;
  }
  int exponent = 0;
  std::frexp(most, &exponent);  // most < 2^exponent
  scale_ = kHeadroomBits - std::bit_width(num_units_) - exponent;
  // Half a step for each unit; then the sum, below 2^kHeadroomBits steps, becomes a double and is
  // divided, each with a relative error of 2^-53.
  element_error_ = std::ldexp(
      0.5 * static_cast<double>(num_units_) + std::ldexp(2, kHeadroomBits - 53), -scale_);
  const double up = std::ldexp(1.0, scale_);
  std::vector<std::int64_t> sum(num_parameters_, 0);
  for (auto& [unit, gradient] : gradients_) {
    for (std::size_t i = 0; i < num_parameters_; ++i) sum[i] += std::llrint(gradient[i] * up);
    std::vector<float>().swap(gradient);
    note_progress();
  }
  gradients_.clear();
  learners_.sum(sum);
  for (std::size_t i = 0; i < num_parameters_; ++i) {
    result[i] = static_cast<float>(std::ldexp(static_cast<double>(sum[i]), -scale_) / divisor);
  }
  return result;
}

GradientNorms gradient_norms(const Policy& policy, const std::vector<float>& gradient) {
  ARF_CHECK(static_cast<std::int64_t>(gradient.size()) == policy.num_parameters(),
            "{} elements of {}", gradient.size(), policy.num_parameters());
  GradientNorms squares;
  for (const Policy::Parameter& parameter : policy.parameters()) {
    const bool q = parameter.name.find("q_proj") != std::string::npos;
    const bool v = parameter.name.find("v_proj") != std::string::npos;
    for (std::int64_t i = 0; i < parameter.tensor.numel(); ++i) {
      const double value = gradient[static_cast<std::size_t>(parameter.offset + i)];
      squares.all += value * value;
      if (q) squares.q_proj += value * value;
      if (v) squares.v_proj += value * value;
    }
    note_progress();
  }
  return {std::sqrt(squares.all), std::sqrt(squares.q_proj), std::sqrt(squares.v_proj)};
}

}  // namespace arf
