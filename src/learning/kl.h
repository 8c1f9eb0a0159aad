// KL(policy || reference), estimated from tokens.
#pragma once

#include "model/policy.h"

namespace arf {

// [S] exp(d) - 1 - d with d = reference - policy: not negative, and without bias where the tokens
// are the policy's own (Schulman 2020, "Approximating KL divergence", k3). Differentiable by the
// policy's log-probs.
inline Tensor kl_estimate(const Tensor& logprobs_S, const Tensor& reference_S) {
  const Tensor difference_S = reference_S - logprobs_S;
  return difference_S.expm1() - difference_S;
}

// Sum in double, without gradient.
inline double total(const Tensor& values_S) {
  return values_S.detach().to(at::kDouble).sum().item<double>();
}

}  // namespace arf
