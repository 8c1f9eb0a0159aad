// One query row against the positions it sees. Included by kernels.inl inside the namespace of an
// instruction set. Every sum has an order fixed by positions counted from 0.

// out[p] = sum over d of a[d] rows[p][d], for p < count. Lanes run over d, then fold.
template <typename T>
static void dot_positions(const T* a, const T* rows, std::int64_t step, std::int64_t count,
                          std::int64_t size, T* out) {
  constexpr int kBlock = kLanes<T>;
  for (std::int64_t p = 0; p < count; p += kBlock) {
    Vec<T> sums[kBlock] = {};
    const std::int64_t left = count - p;
    for_vectors<T>(size, [&](std::int64_t i, std::int64_t some) {
      const Vec<T> value = load_some(a + i, some);
#pragma GCC unroll 16
      for (int j = 0; j < kBlock; ++j) {
        const T* row = rows + (p + (j < left ? j : 0)) * step;  // past the end: any real row
        sums[j] = fused(value, load_some(row + i, some), sums[j]);
      }
    });
    fold_level<T, 1>(sums);
    store_some(out + p, sums[0], left);
  }
}

// out[d] = scale * sum over p of weights[p] rows[p][d]: even positions, odd positions, then both.
template <typename T, int C>
static void weighted_columns(const T* weights, const T* rows, std::int64_t step, std::int64_t count,
                             std::int64_t width, T scale, T* out) {
  Vec<T> even[C] = {}, odd[C] = {};
  const auto row_part = [&](std::int64_t p, int c) {
    return load_some(rows + p * step + c * kLanes<T>, width - c * kLanes<T>);
  };
  std::int64_t p = 0;
  for (; p + 2 <= count; p += 2) {
    const Vec<T> first = broadcast(weights[p]), second = broadcast(weights[p + 1]);
#pragma GCC unroll 4
    for (int c = 0; c < C; ++c) {
      even[c] = fused(first, row_part(p, c), even[c]);
      odd[c] = fused(second, row_part(p + 1, c), odd[c]);
    }
  }
#pragma GCC unroll 4
  for (int c = 0; c < C; ++c) {
    if (p < count) even[c] = fused(broadcast(weights[p]), row_part(p, c), even[c]);
    store_some(out + c * kLanes<T>, (even[c] + odd[c]) * broadcast(scale), width - c * kLanes<T>);
  }
}

template <typename T>
static void weighted_sum(const T* weights, const T* rows, std::int64_t step, std::int64_t count,
                         std::int64_t size, T scale, T* out) {
  std::int64_t i = 0;
  for (; i + 4 * kLanes<T> <= size; i += 4 * kLanes<T>) {
    weighted_columns<T, 4>(weights, rows + i, step, count, 4 * kLanes<T>, scale, out + i);
  }
  for (; i < size; i += kLanes<T>) {
    weighted_columns<T, 1>(weights, rows + i, step, count, size - i, scale, out + i);
  }
}

template <typename T>
static void attend(const T* q, const T* k, const T* v, std::int64_t step, std::int64_t count,
                   const AttentionShape& shape, T* scores, T* out, T* log_sums) {
  const std::int64_t group = shape.heads / shape.kv_heads;
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const std::int64_t at = h / group * shape.size;
    dot_positions(q + h * shape.size, k + at, step, count, shape.size, scores);
    const T scale = T(shape.scale);
    for (std::int64_t p = 0; p < count; ++p) scores[p] *= scale;
    if (shape.soft_cap > 0) soft_cap(scores, count, T(shape.soft_cap));
    const T most = maximum_of(scores, count);
    Vec<T> sum = {};
    for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
      const Vec<T> e = only<T>(exp_of<T>(load_some(scores + i, some) - broadcast(most)), some);
      sum += e;
      store_some(scores + i, e, some);
    });
    const T total = sum_of_lanes<T>(sum);
    if (log_sums) log_sums[h] = most + logarithm(total);
    weighted_sum(scores, v + at, step, count, shape.size, T(1) / total, out + h * shape.size);
  }
}

// rows[p] += weights[p] * a, for p < count.
template <typename T>
static void add_outer(const T* weights, const T* a, std::int64_t count, std::int64_t size, T* rows,
                      std::int64_t step) {
  for (std::int64_t p = 0; p < count; ++p) {
    const Vec<T> w = broadcast(weights[p]);
    for_vectors<T>(size, [&](std::int64_t i, std::int64_t some) {
      T* to = rows + p * step + i;
      store_some(to, fused(w, load_some(a + i, some), load_some(to, some)), some);
    });
  }
}

// p = exp(score - log_sum); dv += p dout; dp = dout . v; ds = p (dp - dout . out) scale, times the
// soft cap's derivative; dq = sum ds k; dk += ds q.
template <typename T>
static void attend_gradient(const T* q, const T* k, const T* v, std::int64_t step,
                            std::int64_t count, const AttentionShape& shape, const T* out,
                            const T* log_sums, const T* dout, T* scores, T* dq, T* dk, T* dv) {
  const std::int64_t group = shape.heads / shape.kv_heads, size = shape.size;
  const T scale = T(shape.scale);
  T* slopes = scores + count;
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const std::int64_t at = h / group * size, mine = h * size;
    dot_positions(q + mine, k + at, step, count, size, scores);
    dot_positions(dout + mine, v + at, step, count, size, slopes);
    T along[1];
    dot_positions(dout + mine, out + mine, size, 1, size, along);
    for (std::int64_t p = 0; p < count; ++p) {
      scores[p] *= scale;
      slopes[p] -= along[0];
    }
    if (shape.soft_cap > 0) {
      soft_cap(scores, count, T(shape.soft_cap));
      soft_cap_gradient(scores, count, T(shape.soft_cap), slopes);
    }
    for_vectors<T>(count, [&](std::int64_t i, std::int64_t some) {
      const Vec<T> p = exp_of<T>(load_some(scores + i, some) - broadcast(log_sums[h]));
      store_some(scores + i, p, some);
      store_some(slopes + i, p * load_some(slopes + i, some) * broadcast(scale), some);
    });
    add_outer(scores, dout + mine, count, size, dv + at, step);
    add_outer(slopes, q + mine, count, size, dk + at, step);
    weighted_sum(slopes, k + at, step, count, size, T(1), dq + mine);
  }
}
