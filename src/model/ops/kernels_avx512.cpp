// The kernels with AVX-512 (F, DQ); compiled with its flags, called only where the processor has
// it.
#include <immintrin.h>

#include "model/ops/kernels.h"

namespace arf::ops::avx512 {

constexpr int kVectorBytes = 64;
constexpr int kTileRows = 6;  // 6 x 4 sums, 4 weights and a value in 32 registers
constexpr int kPanelVectors = 4;
constexpr int kFewSums = 16;  // sums in flight where rows are few

static inline __m512 fused(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
static inline __m512d fused(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
static inline __m512 broadcast(float x) { return _mm512_set1_ps(x); }
static inline __m512d broadcast(double x) { return _mm512_set1_pd(x); }

#include "model/ops/kernels.inl"

}  // namespace arf::ops::avx512
