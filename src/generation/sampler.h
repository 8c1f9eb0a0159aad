// Draws a token from one row of logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace arf {

class Sampler {
 public:
  // temperature >= 0; 0 takes the largest logit, the lowest index on ties.
  explicit Sampler(double temperature) : temperature_(temperature) {}

  // Token of softmax(logits [V] / temperature) whose cumulative probability, summed in index order
  // in double, first passes `uniform` in [0, 1). input_error where a logit is not finite.
  std::int32_t pick(std::span<const float> logits, double uniform);

 private:
  double temperature_;
  std::vector<double> weights_;  // [V] exp((logit - largest) / temperature); kept between calls
};

}  // namespace arf
