// Elementwise functions. Included by kernels.inl inside the namespace of an instruction set.

template <typename T>
static void swiglu(const T* gate, const T* up, std::int64_t count, T* y) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> g = load_some(gate + i, some);
    const Vec<T> silu = g / (broadcast(T(1)) + exp_of<T>(-g));
    store_some(y + i, silu * load_some(up + i, some), some);
  });
}

template <typename T>
static void swiglu_gradient(const T* gate, const T* up, const T* dy, std::int64_t count, T* dgate,
                            T* dup) {
  const Vec<T> one = broadcast(T(1));
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> g = load_some(gate + i, some), slope = load_some(dy + i, some);
    const Vec<T> s = one / (one + exp_of<T>(-g));
    if (dup) store_some(dup + i, slope * g * s, some);
    if (!dgate) return;
    const Vec<T> inner = s * fused(g, one - s, one);  // d silu / d gate
    store_some(dgate + i, slope * load_some(up + i, some) * inner, some);
  });
}

template <typename T>
static void exponential(const T* x, std::int64_t count, T* y) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    store_some(y + i, exp_of<T>(load_some(x + i, some)), some);
  });
}

// e^(-x^2 / 2)
template <typename T>
static inline Vec<T> bell(Vec<T> x) {
  return exp_of<T>(x * x * broadcast(T(-0.5)));
}

// Phi(x), the normal distribution's integral up to x. With z = |x| / sqrt(2) and t = 1 / (1 + 0.3
// z) its tail is e^(-z^2) t P(t) / 2; P is a Chebyshev interpolant of erfc(z) e^(z^2) / t on 0 <= z
// <= 9.4, relative error below 2.4e-8.
static inline Vec<float> normal_integral(Vec<float> x, Vec<float> bell) {
  constexpr float kP[] = {0.16917582f, 0.17090271f,  0.14712313f, 0.21927623f, -0.10405515f,
                          0.56032739f, -0.52253597f, 0.49020514f, -0.13041934f};
  const Vec<float> zero = {}, one = broadcast(1.0f);
  const Vec<float> z = (x < zero ? -x : x) * broadcast(0.70710678f);
  const Vec<float> t = one / fused(z, broadcast(0.3f), one);
  Vec<float> p = broadcast(kP[8]);
#pragma GCC unroll 8
  for (int k = 7; k >= 0; --k) p = fused(p, t, broadcast(kP[k]));
  const Vec<float> tail = bell * broadcast(0.5f) * t * p;
  return x < zero ? tail : one - tail;
}
// float64 checks gradients; it may be slow.
static inline Vec<double> normal_integral(Vec<double> x, Vec<double>) {
  double lanes[kLanes<double>];
  store(lanes, x);
  for (double& lane : lanes) lane = 0.5 * __builtin_erfc(-lane * 0.70710678118654752440);
  return load(lanes);
}

template <typename T>
static void gelu(const T* x, std::int64_t count, T* y) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> v = load_some(x + i, some);
    store_some(y + i, v * normal_integral(v, bell<T>(v)), some);
  });
}

template <typename T>
static void gelu_gradient(const T* x, const T* dy, std::int64_t count, T* dx) {
  const Vec<T> scale = broadcast(T(0.39894228040143267794));  // 1 / sqrt(2 pi)
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> v = load_some(x + i, some), b = bell<T>(v);
    const Vec<T> slope = fused(v, b * scale, normal_integral(v, b));
    store_some(dx + i, load_some(dy + i, some) * slope, some);
  });
}

// (1 - e^(-2 |x|)) / (1 + e^(-2 |x|)) with the sign of x
template <typename T>
static inline Vec<T> tanh_of(Vec<T> x) {
  const Vec<T> zero = {}, two = broadcast(T(2));
  const Vec<T> e = exp_minus_one<T>((x < zero ? x : -x) * two);
  const Vec<T> y = e / (e + two);
  return x < zero ? y : -y;
}

// gelu's tanh form: x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3) (Hendrycks and
// Gimpel 2016). (1 + tanh(u)) / 2 is the logistic function of 2 u, whose small values keep their
// precision.
template <typename T>
static inline Vec<T> gate_of_gelu(Vec<T> x) {
  const Vec<T> twice = x * broadcast(T(1.5957691216057308)) *
                       fused(x * x, broadcast(T(0.044715)), broadcast(T(1)));  // 2 u
  return broadcast(T(1)) / (broadcast(T(1)) + exp_of<T>(-twice));
}

template <typename T>
static void geglu(const T* gate, const T* up, std::int64_t count, T* y) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> g = load_some(gate + i, some);
    store_some(y + i, g * gate_of_gelu<T>(g) * load_some(up + i, some), some);
  });
}

// d gelu / dx = s + x s (1 - s) d(2 u)/dx with s the logistic function of 2 u.
template <typename T>
static void geglu_gradient(const T* gate, const T* up, const T* dy, std::int64_t count, T* dgate,
                           T* dup) {
  const Vec<T> one = broadcast(T(1));
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> g = load_some(gate + i, some), slope = load_some(dy + i, some);
    const Vec<T> s = gate_of_gelu<T>(g);
    if (dup) store_some(dup + i, slope * g * s, some);
    if (!dgate) return;
    const Vec<T> steep =
        fused(g * g, broadcast(T(3 * 0.044715)), one) * broadcast(T(1.5957691216057308));
    const Vec<T> rest = s * (one - s) * g;  // 0 far out, where g * steep would overflow
    const Vec<T> zero = {};
    const Vec<T> inner = fused(rest == zero ? zero : steep, rest, s);
    store_some(dgate + i, slope * load_some(up + i, some) * inner, some);
  });
}

template <typename T>
static void soft_cap(T* x, std::int64_t count, T cap) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> v = load_some(x + i, some) / broadcast(cap);
    store_some(x + i, tanh_of<T>(v) * broadcast(cap), some);
  });
}

// d (cap tanh(x / cap)) / dx = 1 - (y / cap)^2
template <typename T>
static void soft_cap_gradient(const T* capped, std::int64_t count, T cap, T* slopes) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> y = load_some(capped + i, some) / broadcast(cap);
    store_some(slopes + i, load_some(slopes + i, some) * fused(-y, y, broadcast(T(1))), some);
  });
}

template <typename T>
static void hyperbolic_tangent(const T* x, std::int64_t count, T* y) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    store_some(y + i, tanh_of<T>(load_some(x + i, some)), some);
  });
}

template <typename T>
static void hyperbolic_tangent_gradient(const T* x, const T* dy, std::int64_t count, T* dx) {
  for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
    const Vec<T> y = tanh_of<T>(load_some(x + i, some));
    store_some(dx + i, load_some(dy + i, some) * fused(-y, y, broadcast(T(1))), some);
  });
}
