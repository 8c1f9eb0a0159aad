// The kernels with AVX2 and FMA; compiled with its flags, called only where the processor has it.
#include <immintrin.h>

#include "model/ops/kernels.h"

namespace arf::ops::avx2 {

constexpr int kVectorBytes = 32;
constexpr int kTileRows = 6;  // 6 x 2 sums, 2 weights and a value in 16 registers
constexpr int kPanelVectors = 2;
constexpr int kFewSums = 8;  // sums in flight where rows are few

static inline __m256 fused(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
static inline __m256d fused(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
static inline __m256 broadcast(float x) { return _mm256_set1_ps(x); }
static inline __m256d broadcast(double x) { return _mm256_set1_pd(x); }

#include "model/ops/kernels.inl"

}  // namespace arf::ops::avx2
