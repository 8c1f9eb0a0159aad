// Norms, rotation and the softmax of logits. Included by kernels.inl inside the
// namespace of an instruction set.

// ---- norms
template <typename T>
static void rms_norm(const T* x, const T* weight, std::int64_t rows, std::int64_t width, double eps,
                     T* y, T* inverse) {
  for (std::int64_t n = 0; n < rows; ++n, x += width, y += width) {
    Vec<T> squares = {};
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> v = load_some(x + i, count);
      squares = fused(v, v, squares);
    });
    const T scale = T(1) / root(sum_of_lanes<T>(squares) / T(width) + T(eps));
    if (inverse) inverse[n] = scale;
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      store_some(y + i, load_some(x + i, count) * broadcast(scale) * load_some(weight + i, count),
                 count);
    });
  }
}

// dx = s w dy - x s^3 / H sum(w dy x); dweight = sum of rows of dy x s, with s the inverse root.
template <typename T>
static void rms_norm_gradient(const T* x, const T* weight, const T* inverse, const T* dy,
                              std::int64_t rows, std::int64_t width, T* dx, T* dweight) {
  for (std::int64_t n = 0; n < rows; ++n, x += width, dy += width) {
    const Vec<T> scale = broadcast(inverse[n]);
    Vec<T> products = {};
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> part = load_some(dy + i, count) * load_some(x + i, count);
      products = fused(part, load_some(weight + i, count), products);
      if (dweight) {
        store_some(dweight + i, fused(part, scale, load_some(dweight + i, count)), count);
      }
    });
    if (!dx) continue;
    const T factor = sum_of_lanes<T>(products) / T(width) * inverse[n] * inverse[n];
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> direct = load_some(dy + i, count) * load_some(weight + i, count);
      store_some(dx + n * width + i,
                 fused(load_some(x + i, count), broadcast(-factor), direct) * scale, count);
    });
  }
}

template <typename T>
static void layer_norm(const T* x, const T* weight, const T* bias, std::int64_t rows,
                       std::int64_t width, double eps, T* y, T* mean, T* inverse) {
  for (std::int64_t n = 0; n < rows; ++n, x += width, y += width) {
    Vec<T> sum = {}, squares = {};
    for_vectors<T>(width,
                   [&](std::int64_t i, std::int64_t count) { sum += load_some(x + i, count); });
    const T middle = sum_of_lanes<T>(sum) / T(width);
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      T around[kLanes<T>];  // lanes past the end hold the mean, so that they add nothing
      store(around, broadcast(middle));
      for (std::int64_t j = 0; count < kLanes<T> && j < count; ++j) around[j] = x[i + j];
      const Vec<T> v = (count < kLanes<T> ? load(around) : load(x + i)) - broadcast(middle);
      squares = fused(v, v, squares);
    });
    const T scale = T(1) / root(sum_of_lanes<T>(squares) / T(width) + T(eps));
    if (mean) mean[n] = middle;
    if (inverse) inverse[n] = scale;
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> v = (load_some(x + i, count) - broadcast(middle)) * broadcast(scale);
      store_some(y + i, fused(v, load_some(weight + i, count), load_some(bias + i, count)), count);
    });
  }
}

// With z = (x - mean) s and g = dy w: dx = s (g - mean(g) - z mean(g z)); dweight = sum dy z.
template <typename T>
static void layer_norm_gradient(const T* x, const T* weight, const T* mean, const T* inverse,
                                const T* dy, std::int64_t rows, std::int64_t width, T* dx,
                                T* dweight, T* dbias) {
  for (std::int64_t n = 0; n < rows; ++n, x += width, dy += width) {
    const Vec<T> middle = broadcast(mean[n]), scale = broadcast(inverse[n]);
    Vec<T> plain = {}, products = {};
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> slope = load_some(dy + i, count);
      const Vec<T> z = (load_some(x + i, count) - middle) * scale;
      const Vec<T> g = slope * load_some(weight + i, count);  // zero past the end, as dy is
      plain += g;
      products = fused(g, z, products);
      if (dweight) {
        store_some(dweight + i, fused(slope, z, load_some(dweight + i, count)), count);
      }
      if (dbias) store_some(dbias + i, slope + load_some(dbias + i, count), count);
    });
    if (!dx) continue;
    const Vec<T> average = broadcast(sum_of_lanes<T>(plain) / T(width));
    const Vec<T> tilt = broadcast(sum_of_lanes<T>(products) / T(width));
    for_vectors<T>(width, [&](std::int64_t i, std::int64_t count) {
      const Vec<T> z = (load_some(x + i, count) - middle) * scale;
      const Vec<T> g = load_some(dy + i, count) * load_some(weight + i, count);
      store_some(dx + n * width + i, (g - average - z * tilt) * scale, count);
    });
  }
}

// ---- rotation
template <typename T>
static void rotate(const T* x, const T* cosine, const T* sine, const std::int32_t* angle,
                   std::int64_t rows, std::int64_t heads, std::int64_t size, bool inverse, T* y) {
  const std::int64_t half = size / 2;
  const Vec<T> direction = broadcast(inverse ? T(-1) : T(1));
  for (std::int64_t n = 0; n < rows; ++n) {
    const T* cos_n = cosine + angle[n] * half;
    const T* sin_n = sine + angle[n] * half;
    for (std::int64_t h = 0; h < heads; ++h, x += size, y += size) {
      for_vectors<T>(half, [&](std::int64_t i, std::int64_t count) {
        const Vec<T> c = load_some(cos_n + i, count);
        const Vec<T> s = load_some(sin_n + i, count) * direction;
        const Vec<T> a = load_some(x + i, count), b = load_some(x + half + i, count);
        store_some(y + i, fused(a, c, -(b * s)), count);
        store_some(y + half + i, fused(b, c, a * s), count);
      });
    }
  }
}

// ---- softmax of logits
template <typename T>
static T maximum_of(const T* row, std::int64_t size) {
  Vec<T> most = broadcast(row[0]);
  std::int64_t i = 0;
  for (; i + kLanes<T> <= size; i += kLanes<T>) {
    const Vec<T> v = load(row + i);
    most = v > most ? v : most;
  }
  T result = max_of_lanes<T>(most);
  for (; i < size; ++i) result = row[i] > result ? row[i] : result;
  return result;
}

// Lanes past the end become 0 in a vector of positive terms.
template <typename T>
static inline Vec<T> only(Vec<T> v, std::int64_t count) {
  if (count >= kLanes<T>) return v;
  T lanes[kLanes<T>];
  store(lanes, v);
  return load_some(lanes, count);
}

template <typename T>
static void log_sum(const T* logits, std::int64_t size, T* maximum, T* log_sum) {
  *maximum = maximum_of(logits, size);
  const Vec<T> most = broadcast(*maximum);
  Vec<T> sum = {};
  for_vectors<T>(size, [&](std::int64_t i, std::int64_t count) {
    sum += only<T>(exp_of<T>(load_some(logits + i, count) - most), count);
  });
  *log_sum = logarithm(sum_of_lanes<T>(sum));
}

template <typename T>
static T entropy(const T* logits, std::int64_t size, T maximum, T log_sum) {
  Vec<T> sum = {};
  for_vectors<T>(size, [&](std::int64_t i, std::int64_t count) {
    const Vec<T> logp = load_some(logits + i, count) - broadcast(maximum) - broadcast(log_sum);
    const Vec<T> p = exp_of<T>(logp);
    const Vec<T> zero = {};
    sum += only<T>(p == zero ? zero : p * logp, count);  // 0 log 0 is 0; NaN stays
  });
  return -sum_of_lanes<T>(sum);
}

template <typename T>
static void softmax(const T* logits, std::int64_t size, T maximum, T log_sum, T* y) {
  for_vectors<T>(size, [&](std::int64_t i, std::int64_t count) {
    const Vec<T> logp = load_some(logits + i, count) - broadcast(maximum) - broadcast(log_sum);
    store_some(y + i, exp_of<T>(logp), count);
  });
}

template <typename T>
static void logit_gradient(T* logits, std::int64_t size, T maximum, T log_sum, T entropy,
                           std::int64_t target, T dlogprob, T dentropy) {
  for_vectors<T>(size, [&](std::int64_t i, std::int64_t count) {
    const Vec<T> logp = load_some(logits + i, count) - broadcast(maximum) - broadcast(log_sum);
    const Vec<T> p = exp_of<T>(logp);
    const Vec<T> zero = {};
    const Vec<T> slope = fused(logp + broadcast(entropy), broadcast(dentropy), broadcast(dlogprob));
    store_some(logits + i, p == zero ? zero : -p * slope, count);  // NaN stays
  });
  logits[target] += dlogprob;
}
