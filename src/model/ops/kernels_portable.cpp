// The kernels for any processor: vectors of 16 bytes, products and sums rounded apart.
#include "model/ops/kernels.h"

namespace arf::ops::portable {

constexpr int kVectorBytes = 16;
constexpr int kTileRows = 4;  // 4 x 2 sums, 2 weights and a product in 16 registers
constexpr int kPanelVectors = 2;
constexpr int kFewSums = 8;  // sums in flight where rows are few

typedef float Floats __attribute__((vector_size(16)));
typedef double Doubles __attribute__((vector_size(16)));
static inline Floats fused(Floats a, Floats b, Floats c) { return a * b + c; }
static inline Doubles fused(Doubles a, Doubles b, Doubles c) { return a * b + c; }
static inline Floats broadcast(float x) { return Floats{x, x, x, x}; }
static inline Doubles broadcast(double x) { return Doubles{x, x}; }

#include "model/ops/kernels.inl"

}  // namespace arf::ops::portable
