// The one small set of operations that all model code goes through. Other kernels may take
// LibTorch's place here without a change elsewhere.
//
// Layout: sequences are packed, one after another, without padding: N rows (tokens) in all.
// On CPU the forward of every operation is ours, and a row's result is computed in one fixed
// order that depends on that row's inputs alone: not on N, not on the other rows, not on threads.
// So a sampled token's log-prob and the learner's are the same bits. float32 and float64; weights
// of products and embeddings may also be in bfloat16 and frozen, with everything else in float32.
// Every function is differentiable where its result says so.
#pragma once

#include "model/ops/tensor.h"

namespace arf::ops {

// Sequences packed in one batch. Example: lengths 3 and 2 -> offsets {0, 3, 5}.
struct Segments {
  std::vector<std::int32_t> offsets;  // [B + 1]
  std::int64_t batch() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t rows() const { return offsets.back(); }
};

// y [N, M] = x [N, K] W^T + b; W [M, K]; b [M] or undefined. Gradient to x, W, b as required (a W
// in bfloat16 gets none).
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

// [N, H] rows of table [V, H]; ids int32 or int64 [N] on the CPU. Gradient to the table.
Tensor embedding(const Tensor& ids, const Tensor& table);

// y = x / sqrt(mean(x^2) + eps) * weight; x [N, H].
Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps);
// y = (x - mean) / sqrt(var + eps) * weight + bias; x [N, H].
Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps);

// Rotary embedding of the half-split kind (Hugging Face's rotate_half): x [N, heads, d],
// positions int32 [N], inverse_frequencies float64 [d / 2]; an angle is the product of a position
// and a frequency, all three rounded to x's type, as in the libraries that models are trained with.
Tensor rope(const Tensor& x, const Tensor& positions, const Tensor& inverse_frequencies);

Tensor swiglu(const Tensor& gate, const Tensor& up);  // silu(gate) * up
Tensor geglu(const Tensor& gate, const Tensor& up);   // gelu(gate) * up, in the tanh form
Tensor gelu(const Tensor& x);                         // exact (erf) form
Tensor tanh(const Tensor& x);

// Which scores a row has, and over which rows. A score is q . k * scale, then, where soft_cap is
// above 0, soft_cap * tanh(score / soft_cap) (Gemma 2 report, section 2).
struct AttentionRule {
  double scale = 1;
  bool causal = true;       // a row sees its segment up to itself; else the whole segment
  std::int64_t window = 0;  // causal: of these only the last `window`, itself among them; 0: all
  double soft_cap = 0;      // 0: none
};

// Attention within each segment; q [N, heads, d], k, v [N, kv_heads, d]; heads a multiple of
// kv_heads -> [N, heads, d].
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& segments,
                 const AttentionRule& rule);

// The same rows' results for new rows against a cache, without gradient. cache_k, cache_v
// [slots, capacity, kv_heads, d]; row i of q sits at position[i] of slot[i] (whose k, v are already
// in the cache) and sees positions up to that. rule.causal must hold. Bits equal to attention's.
Tensor attention_cached(const Tensor& q, const Tensor& cache_k, const Tensor& cache_v,
                        const std::vector<std::int32_t>& slot,
                        const std::vector<std::int32_t>& position, const AttentionRule& rule);

// A head turns hidden [S, H] into logits [S, V]: hidden W^T, then, where soft_cap is above 0,
// soft_cap * tanh(logit / soft_cap).
struct Head {
  Tensor weight;  // [V, H]
  double soft_cap = 0;
};
// log softmax(logits)[target]: [S]; targets int32 [S]. Works in chunks of tokens: at most
// kLogitChunk x V logits exist at a time (twice that for a gradient under a soft cap). Gradient to
// hidden and, where required, to the weight. `entropy` (may be null) receives [S], the entropy in
// nats, differentiable too.
inline constexpr std::int64_t kLogitChunk = 64;
Tensor token_logprobs(const Tensor& hidden, const Head& head, const Tensor& targets,
                      Tensor* entropy = nullptr);
// Logits [S, V] without gradient (for sampling; S is one token per sequence). Log-probs made of
// them by log_softmax_at have the bits of token_logprobs.
Tensor logits(const Tensor& hidden, const Head& head);
// log p of `target` under softmax(row [V]); the same arithmetic as in token_logprobs.
float log_softmax_at(const float* row, std::int64_t size, std::int64_t target);

// Frozen weights may be packed once: a hint that `weight` will not change until released. The
// result is the same bits with or without it.
void prepack(const Tensor& weight);
void release_packed(const Tensor& weight);

}  // namespace arf::ops
