// The operations of ops.h composed of ATen operations, for tensors that are not on the CPU;
// differentiable by ATen's autograd. They run on the CPU too, where tests compare the kernels with
// them.
#pragma once

#include "model/ops/ops.h"

namespace arf::ops::device {

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);
Tensor embedding(const Tensor& ids, const Tensor& table);
Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps);
Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps);
Tensor rope(const Tensor& x, const Tensor& positions, const Tensor& inverse_frequencies);
Tensor swiglu(const Tensor& gate, const Tensor& up);
Tensor geglu(const Tensor& gate, const Tensor& up);
Tensor gelu(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& segments,
                 const AttentionRule& rule);
Tensor attention_cached(const Tensor& q, const Tensor& cache_k, const Tensor& cache_v,
                        const std::vector<std::int32_t>& slot,
                        const std::vector<std::int32_t>& position, const AttentionRule& rule);
Tensor token_logprobs(const Tensor& hidden, const Head& head, const Tensor& targets,
                      Tensor* entropy);
Tensor logits(const Tensor& hidden, const Head& head);

}  // namespace arf::ops::device
