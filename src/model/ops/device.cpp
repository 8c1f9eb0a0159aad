#include "model/ops/device.h"

#include <limits>

namespace arf::ops::device {
namespace {

Tensor soft_capped(const Tensor& x, double cap) { return cap > 0 ? at::tanh(x / cap) * cap : x; }

// One segment: q [n, heads, d] against k, v [m, kv_heads, d]; where causal, row i is position
// m - n + i.
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionRule& rule) {
  const std::int64_t group = q.size(1) / k.size(1), n = q.size(0), m = k.size(0);
  const Tensor keys = k.repeat_interleave(group, 1), values = v.repeat_interleave(group, 1);
  Tensor scores = at::matmul(q.transpose(0, 1), keys.permute({1, 2, 0})) * rule.scale;
  scores = soft_capped(scores, rule.soft_cap);  // [heads, n, m]
  if (rule.causal) {
    const Tensor every = at::ones({n, m}, q.options().dtype(at::kBool));
    Tensor hidden = every.triu(m - n + 1);
    if (rule.window > 0) hidden = hidden.logical_or(every.tril(m - n - rule.window));
    scores = scores.masked_fill(hidden, -std::numeric_limits<double>::infinity());
  }
  return at::matmul(at::softmax(scores, -1), values.transpose(0, 1)).transpose(0, 1);
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return bias.defined() ? at::addmm(bias, x, weight.t()) : at::mm(x, weight.t());
}

Tensor embedding(const Tensor& ids, const Tensor& table) {
  return table.index_select(0, ids.to(table.device()));
}

Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps) {
  return x * at::rsqrt(x.square().mean(-1, true) + eps) * weight;
}

Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps) {
  return at::layer_norm(x, {x.size(-1)}, weight, bias, eps);
}

Tensor rope(const Tensor& x, const Tensor& positions, const Tensor& inverse_frequencies) {
  const Tensor angles =
      (positions.to(x.options()).unsqueeze(1) * inverse_frequencies.to(x.options()).unsqueeze(0))
          .unsqueeze(1);  // [N, 1, d / 2]
  const Tensor cosine = angles.cos(), sine = angles.sin();
  const std::vector<Tensor> halves = x.chunk(2, -1);
  return at::cat({halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine},
                 -1);
}

Tensor swiglu(const Tensor& gate, const Tensor& up) { return at::silu(gate) * up; }

Tensor geglu(const Tensor& gate, const Tensor& up) { return at::gelu(gate, "tanh") * up; }

Tensor gelu(const Tensor& x) { return at::gelu(x); }

Tensor tanh(const Tensor& x) { return at::tanh(x); }

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& segments,
                 const AttentionRule& rule) {
  std::vector<Tensor> parts;
  for (std::int64_t b = 0; b < segments.batch(); ++b) {
    const std::int64_t first = segments.offsets[b], length = segments.offsets[b + 1] - first;
    parts.push_back(attend(q.narrow(0, first, length), k.narrow(0, first, length),
                           v.narrow(0, first, length), rule));
  }
  return at::cat(parts);
}

Tensor attention_cached(const Tensor& q, const Tensor& cache_k, const Tensor& cache_v,
                        const std::vector<std::int32_t>& slot,
                        const std::vector<std::int32_t>& position, const AttentionRule& rule) {
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < slot.size(); ++i) {
    const std::int64_t count = std::int64_t{position[i]} + 1;
    parts.push_back(attend(q.narrow(0, static_cast<std::int64_t>(i), 1),
                           cache_k.select(0, slot[i]).narrow(0, 0, count),
                           cache_v.select(0, slot[i]).narrow(0, 0, count), rule));
  }
  return at::cat(parts);
}

Tensor logits(const Tensor& hidden, const Head& head) {
  return soft_capped(at::mm(hidden, head.weight.t()), head.soft_cap);
}

Tensor token_logprobs(const Tensor& hidden, const Head& head, const Tensor& targets,
                      Tensor* entropy) {
  std::vector<Tensor> logprobs, entropies;
  const Tensor ids = targets.to(hidden.device(), at::kLong);
  for (std::int64_t first = 0; first < hidden.size(0); first += kLogitChunk) {
    const std::int64_t count = std::min(kLogitChunk, hidden.size(0) - first);
    const Tensor logp =
        at::log_softmax(device::logits(hidden.narrow(0, first, count), head), -1);  // [n, V]
    logprobs.push_back(logp.gather(1, ids.narrow(0, first, count).unsqueeze(1)).squeeze(1));
    if (entropy) entropies.push_back(-(logp.exp() * logp).sum(-1));
  }
  if (entropy) *entropy = at::cat(entropies);
  return at::cat(logprobs);
}

}  // namespace arf::ops::device
