// Draws a token from one row of logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace arf {

// What a token is drawn from, in this order (as in transformers): the logits with the repetition
// penalty, divided by the temperature; of their softmax the top_k, of these the top_p, of these
// those above min_p; what is left is scaled up to 1.
struct SamplingRule {
  double temperature = 1.0;         // 0: greedy, the rest but the penalty does not matter
  int top_k = 0;                    // the k likeliest tokens, and those as likely; 0: all
  double top_p = 1.0;               // the fewest likeliest tokens that together have this; 1: all
  double min_p = 0.0;               // times the likeliest token's probability; 0: all
  double repetition_penalty = 1.0;  // logits of tokens that stand before: / this, or * if negative
};

class Sampler {
 public:
  // usage_error: a value out of range, with its key.
  explicit Sampler(const SamplingRule& rule);

  bool looks_back() const { return rule_.repetition_penalty != 1; }  // whether pick needs `before`

  struct Drawn {
    std::int32_t token = 0;
    double logprob = 0;  // under the distribution that it was drawn from; 0 if greedy
  };
  // The token whose cumulative probability, summed in index order in double, first passes `uniform`
  // in [0, 1); greedy: the largest logit, the lowest index on ties. `before`: the tokens that the
  // penalty is for. input_error where a logit is not finite.
  Drawn pick(std::span<const float> logits, double uniform,
             std::span<const std::int32_t> before = {});

 private:
  void penalise(std::span<const std::int32_t> before);
  void keep_top_k();
  void keep_top_p();

  SamplingRule rule_;
  std::vector<float> logits_;    // [V] with the penalty
  std::vector<double> weights_;  // [V] exp((logit - largest) / temperature); 0: not to be drawn
  std::vector<std::pair<double, std::int32_t>> order_;  // weights and tokens, while sorting
};

}  // namespace arf
