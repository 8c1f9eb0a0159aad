// All kernels and their table, for one instruction set. The including file defines, in its own
// namespace arf::ops::<set>: kVectorBytes, kTileRows, kPanelVectors, kFewSums, and the functions
// fused (a * b + c, one rounding where the set has it) and broadcast for float and double.

static inline float root(float x) { return __builtin_sqrtf(x); }
static inline double root(double x) { return __builtin_sqrt(x); }
static inline float logarithm(float x) { return __builtin_logf(x); }
static inline double logarithm(double x) { return __builtin_log(x); }

// Each is made of what stands above it.
// clang-format off
#include "model/ops/vector.inl"
#include "model/ops/linear.inl"
#include "model/ops/rows.inl"
#include "model/ops/activations.inl"
#include "model/ops/attention.inl"
// clang-format on

template <typename T>
static constexpr Kernels<T> table() {
  Kernels<T> t{};
  t.panel_width = kPanelVectors * kLanes<T>;
  t.packed_size = packed_size<T>;
  t.pack = pack<T>;
  t.multiply = multiply<T>;
  if constexpr (sizeof(T) == sizeof(float)) {
    t.widened_size = widened_size;
    t.multiply_bfloat16 = multiply_bfloat16;
  }
  t.rms_norm = rms_norm<T>;
  t.rms_norm_gradient = rms_norm_gradient<T>;
  t.layer_norm = layer_norm<T>;
  t.layer_norm_gradient = layer_norm_gradient<T>;
  t.swiglu = swiglu<T>;
  t.swiglu_gradient = swiglu_gradient<T>;
  t.geglu = geglu<T>;
  t.geglu_gradient = geglu_gradient<T>;
  t.soft_cap = soft_cap<T>;
  t.soft_cap_gradient = soft_cap_gradient<T>;
  t.exponential = exponential<T>;
  t.gelu = gelu<T>;
  t.gelu_gradient = gelu_gradient<T>;
  t.tanh = hyperbolic_tangent<T>;
  t.tanh_gradient = hyperbolic_tangent_gradient<T>;
  t.rotate = rotate<T>;
  t.attend = attend<T>;
  t.attend_gradient = attend_gradient<T>;
  t.log_sum = log_sum<T>;
  t.entropy = entropy<T>;
  t.softmax = softmax<T>;
  t.logit_gradient = logit_gradient<T>;
  return t;
}

extern const Kernels<float> kFloatKernels = table<float>();
extern const Kernels<double> kDoubleKernels = table<double>();
