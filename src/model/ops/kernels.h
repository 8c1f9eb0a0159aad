// The CPU kernels behind the operations: one source compiled for several instruction sets and
// chosen at run time. Plain pointers, row-major, sizes in elements; no LibTorch here.
//
// Every result is one fixed order of IEEE operations over that row's own inputs. An instruction
// set changes the order (its vectors are wider), so bits belong to an instruction set.
#pragma once

#include <cstdint>

namespace arf::ops {

struct AttentionShape {
  std::int64_t heads, kv_heads, size;  // size: elements of one head
  double scale, soft_cap;              // as in ops.h; soft_cap 0: none
};

template <typename T>
struct Kernels {
  // ---- y [N, M] = x [N, K] W^T + b. W [M, K] is packed in panels of outputs; an output is one
  // sequential sum over k, so neither the panel's width nor the number of rows shows in its bits.
  std::int64_t panel_width;  // outputs in a full panel
  std::int64_t (*packed_size)(std::int64_t outputs, std::int64_t depth);
  void (*pack)(const T* weight, std::int64_t outputs, std::int64_t depth, T* packed);
  // bias may be null; row n of y starts at y + n * y_step.
  void (*multiply)(const T* x, std::int64_t rows, std::int64_t depth, const T* packed,
                   const T* bias, std::int64_t outputs, T* y, std::int64_t y_step);

  // The same with W [M, K] in bfloat16, row after row, not packed; float only (else null). Neither
  // does the number of rows show in its bits, which are others than the packed product's.
  // room: for widened_size(depth) floats, best at the start of a cache line.
  std::int64_t (*widened_size)(std::int64_t depth);
  void (*multiply_bfloat16)(const float* x, std::int64_t rows, std::int64_t depth,
                            const std::uint16_t* weight, const float* bias, std::int64_t outputs,
                            float* y, std::int64_t y_step, float* room);

  // ---- norms over rows of `width`; what may be null is not written.
  void (*rms_norm)(const T* x, const T* weight, std::int64_t rows, std::int64_t width, double eps,
                   T* y, T* inverse);
  void (*rms_norm_gradient)(const T* x, const T* weight, const T* inverse, const T* dy,
                            std::int64_t rows, std::int64_t width, T* dx, T* dweight);
  void (*layer_norm)(const T* x, const T* weight, const T* bias, std::int64_t rows,
                     std::int64_t width, double eps, T* y, T* mean, T* inverse);
  void (*layer_norm_gradient)(const T* x, const T* weight, const T* mean, const T* inverse,
                              const T* dy, std::int64_t rows, std::int64_t width, T* dx, T* dweight,
                              T* dbias);

  // ---- elementwise, `count` elements.
  void (*swiglu)(const T* gate, const T* up, std::int64_t count, T* y);
  void (*swiglu_gradient)(const T* gate, const T* up, const T* dy, std::int64_t count, T* dgate,
                          T* dup);
  void (*geglu)(const T* gate, const T* up, std::int64_t count, T* y);
  void (*geglu_gradient)(const T* gate, const T* up, const T* dy, std::int64_t count, T* dgate,
                         T* dup);
  void (*gelu)(const T* x, std::int64_t count, T* y);
  void (*gelu_gradient)(const T* x, const T* dy, std::int64_t count, T* dx);
  void (*tanh)(const T* x, std::int64_t count, T* y);
  void (*tanh_gradient)(const T* x, const T* dy, std::int64_t count, T* dx);
  // In place: x = cap tanh(x / cap); slopes times the derivative there, of `capped` values.
  void (*soft_cap)(T* x, std::int64_t count, T cap);
  void (*soft_cap_gradient)(const T* capped, std::int64_t count, T cap, T* slopes);
  void (*exponential)(const T* x, std::int64_t count, T* y);  // the kernels' own exp, for tests

  // Half-split rotation of x [rows, heads, size] by the angles of row n, whose cosines and sines
  // are row angle[n] of cosine, sine [.., size / 2]; inverse turns the other way (the gradient).
  void (*rotate)(const T* x, const T* cosine, const T* sine, const std::int32_t* angle,
                 std::int64_t rows, std::int64_t heads, std::int64_t size, bool inverse, T* y);

  // ---- one query row (all heads) against `count` positions, position p at p * step of k and v.
  // scores: room for `count`. log_sums [heads] (log of the sum of exp of scaled scores) may
  // be null.
  void (*attend)(const T* q, const T* k, const T* v, std::int64_t step, std::int64_t count,
                 const AttentionShape& shape, T* scores, T* out, T* log_sums);
  // Its gradient: writes dq, adds to dk and dv. scores: room for 2 * count.
  void (*attend_gradient)(const T* q, const T* k, const T* v, std::int64_t step, std::int64_t count,
                          const AttentionShape& shape, const T* out, const T* log_sums,
                          const T* dout, T* scores, T* dq, T* dk, T* dv);

  // ---- softmax of a row of logits.
  // log of the sum of exp(logits), as {maximum, log of the sum of exp(logit - maximum)}.
  void (*log_sum)(const T* logits, std::int64_t size, T* maximum, T* log_sum);
  T (*entropy)(const T* logits, std::int64_t size, T maximum, T log_sum);  // nats
  // y = exp(logits - maximum - log_sum); may be in place.
  void (*softmax)(const T* logits, std::int64_t size, T maximum, T log_sum, T* y);
  // logits become: dlogprob * (1[target] - p) - dentropy * p * (log p + entropy).
  void (*logit_gradient)(T* logits, std::int64_t size, T maximum, T log_sum, T entropy,
                         std::int64_t target, T dlogprob, T dentropy);
};

// The kernels in use: the widest this processor has, unless use_instruction_set named another.
template <typename T>
const Kernels<T>& kernels();

// "avx512", "avx2", "portable", or "" for the widest; usage_error for one that this processor
// does not have. Process-wide: call it before other threads compute and before anything is packed.
void use_instruction_set(const char* name);
const char* instruction_set();  // the name of the one in use: part of what decides bits

}  // namespace arf::ops
