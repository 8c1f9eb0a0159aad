// One vector of T and the operations on it that GCC's vector extensions do not spell. Included by
// kernels.inl inside the namespace of an instruction set; kVectorBytes, fused and broadcast come
// from there. Everything is `static`: two instruction sets must never share a function.

template <typename T>
struct Simd;
template <>
struct Simd<float> {
  typedef float Vec __attribute__((vector_size(kVectorBytes)));
  typedef std::int32_t Int __attribute__((vector_size(kVectorBytes)));
  static constexpr int kLanes = kVectorBytes / 4;
  static constexpr int kMantissa = 23;
  static constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  static constexpr float kLowest = -87.33f, kHighest = 88.72f;  // exp stays normal and finite
  static constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  static constexpr int kTerms = 7;
};
template <>
struct Simd<double> {
  typedef double Vec __attribute__((vector_size(kVectorBytes)));
  typedef std::int64_t Int __attribute__((vector_size(kVectorBytes)));
  static constexpr int kLanes = kVectorBytes / 8;
  static constexpr int kMantissa = 52;
  static constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double kLowest = -708.39, kHighest = 709.78;
  static constexpr double kLn2High = 0.69314718036912382, kLn2Low = 1.9082149292705877e-10;
  static constexpr int kTerms = 13;
};
template <typename T>
using Vec = typename Simd<T>::Vec;
template <typename T>
inline constexpr int kLanes = Simd<T>::kLanes;

template <typename T>
static inline Vec<T> load(const T* from) {
  Vec<T> v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}
template <typename T>
static inline void store(T* to, Vec<T> v) {
  __builtin_memcpy(to, &v, sizeof v);
}
// The first `count` lanes; the others are zero, or left alone in memory.
template <typename T>
static inline Vec<T> load_some(const T* from, std::int64_t count) {
  if (count >= kLanes<T>) return load(from);
  T lanes[kLanes<T>] = {};
  for (std::int64_t i = 0; i < count; ++i) lanes[i] = from[i];
  return load(lanes);
}
template <typename T>
static inline void store_some(T* to, Vec<T> v, std::int64_t count) {
  if (count >= kLanes<T>) return store(to, v);
  T lanes[kLanes<T>];
  store(lanes, v);
  for (std::int64_t i = 0; i < count; ++i) to[i] = lanes[i];
}

// bfloat16 values, the upper halves of floats, as floats.
static inline Vec<float> widened(const std::uint16_t* from) {
  typedef std::uint16_t Halves __attribute__((vector_size(kVectorBytes / 2)));
  typedef std::uint32_t Words __attribute__((vector_size(kVectorBytes)));
  Halves halves;
  __builtin_memcpy(&halves, from, sizeof halves);
  return (Vec<float>)(__builtin_convertvector(halves, Words) << 16);
}
static inline Vec<float> widened_some(const std::uint16_t* from, std::int64_t count) {
  if (count >= kLanes<float>) return widened(from);
  std::uint16_t halves[kLanes<float>] = {};
  for (std::int64_t i = 0; i < count; ++i) halves[i] = from[i];
  return widened(halves);
}

// Halves onto halves: one fixed tree.
template <typename T>
static inline T sum_of_lanes(Vec<T> v) {
  T lanes[kLanes<T>];
  store(lanes, v);
  for (int width = kLanes<T> / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}
template <typename T>
static inline T max_of_lanes(Vec<T> v) {
  T lanes[kLanes<T>];
  store(lanes, v);
  T most = lanes[0];
  for (int i = 1; i < kLanes<T>; ++i) most = lanes[i] > most ? lanes[i] : most;
  return most;
}

// Lane i is lane lanes[i] of `a` and `b` behind one another; the lanes are known when compiling.
template <typename V, typename I>
static inline V shuffled(const V& a, const V& b, const I& lanes) {
#ifdef __clang__  // whose shuffles take numbers only, and which makes one of this
  constexpr int kCount = sizeof(V) / sizeof(a[0]);
  V made = a;
  for (int i = 0; i < kCount; ++i) {
    made[i] = lanes[i] < kCount ? a[lanes[i]] : b[lanes[i] - kCount];
  }
  return made;
#else
  return __builtin_shuffle(a, b, lanes);
#endif
}

// v[0 .. lanes - 1] become one vector whose lane i is the sum of v[i]'s lanes: neighbours first,
// then pairs, and so on.
template <typename T, int S>
static inline void fold_level(Vec<T>* v) {
  constexpr int kCount = kLanes<T> / (2 * S);
  typename Simd<T>::Int low, high;
  for (int l = 0; l < kLanes<T>; ++l) {
    low[l] = (l & S) ? kLanes<T> + (l & ~S) : l;
    high[l] = (l & S) ? kLanes<T> + l : (l | S);
  }
#pragma GCC unroll 16
  for (int i = 0; i < kCount; ++i) {
    v[i] = shuffled(v[2 * i], v[2 * i + 1], low) +
           shuffled(v[2 * i], v[2 * i + 1], high);
  }
  if constexpr (kCount > 1) fold_level<T, 2 * S>(v);
}

// x = n ln 2 + r with |r| <= ln 2 / 2, give or take rounding: r; and n where T keeps its exponent.
template <typename T>
static inline Vec<T> reduce(Vec<T> x, typename Simd<T>::Int* exponent) {
  using S = Simd<T>;
  const Vec<T> magic = broadcast(S::kRound);
  const Vec<T> shifted = fused(x, broadcast(T(1.4426950408889634074)), magic);
  const Vec<T> n = shifted - magic;
  *exponent = ((typename S::Int)shifted - (typename S::Int)magic) << S::kMantissa;
  return fused(n, broadcast(-S::kLn2Low), fused(n, broadcast(-S::kLn2High), x));
}

// 1 + r / first (1 + r / (first + 1) (1 + ...)): Taylor's series of e^r for first = 1; the term
// after its last is below half a unit in the last place.
template <typename T>
static inline Vec<T> series(Vec<T> r, int first) {
  Vec<T> sum = broadcast(T(1));
#pragma GCC unroll 16
  for (int k = Simd<T>::kTerms; k >= first; --k) {
    sum = fused(sum, r * broadcast(T(1) / T(k)), broadcast(T(1)));
  }
  return sum;
}

// e^x, relative error below 2 units in the last place. 0 below the smallest normal number,
// infinity above the largest; NaN stays.
template <typename T>
static inline Vec<T> exp_of(Vec<T> x) {
  using S = Simd<T>;
  const Vec<T> low = broadcast(S::kLowest), high = broadcast(S::kHighest), zero = {};
  const Vec<T> inside = x < low ? low : (x > high ? high : x);
  typename S::Int exponent;
  const Vec<T> sum = series<T>(reduce<T>(inside, &exponent), 1);
  const Vec<T> y = (Vec<T>)((typename S::Int)sum + exponent);
  const Vec<T> bounded = x < low ? zero : (x > high ? broadcast(T(__builtin_inf())) : y);
  return x == x ? bounded : x;
}

// e^x - 1 for x <= 0, with a small relative error near 0, too: 2^n (e^r - 1) + (2^n - 1).
template <typename T>
static inline Vec<T> exp_minus_one(Vec<T> x) {
  using S = Simd<T>;
  const Vec<T> low = broadcast(S::kLowest), one = broadcast(T(1));
  typename S::Int exponent;
  const Vec<T> r = reduce<T>(x < low ? low : x, &exponent);
  const Vec<T> power = (Vec<T>)((typename S::Int)one + exponent);
  const Vec<T> y = fused(power, r * series<T>(r, 2), power - one);
  return x == x ? y : x;
}

// Calls body(i, count) for each vector of a row of `width`: count lanes from element i.
template <typename T, typename Body>
static inline void for_vectors(std::int64_t width, Body body) {
  std::int64_t i = 0;
  for (; i + kLanes<T> <= width; i += kLanes<T>) body(i, std::int64_t{kLanes<T>});
  if (i < width) body(i, width - i);
}
