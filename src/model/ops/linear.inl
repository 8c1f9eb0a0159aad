// y = x W^T + b. Included by kernels.inl inside the namespace of an instruction set.
//
// A panel holds up to kPanelVectors vectors of outputs; for each k one value per output, so that a
// SIMD lane is an output and its sum runs over k alone, in order.

// R rows x C vectors of outputs, `width` of which are real. P full panels stand side by side: with
// few rows one panel's sums would wait for each other.
template <typename T, int R, int C, int P = 1>
static inline void multiply_tile(const T* x, std::int64_t depth, const T* panel, const T* bias,
                                 std::int64_t width, T* y, std::int64_t y_step) {
  Vec<T> sums[R][P * C] = {};
  const T* panels[P];
  for (int p = 0; p < P; ++p) panels[p] = panel + p * C * kLanes<T> * depth;
  for (std::int64_t k = 0; k < depth; ++k) {
    Vec<T> w[P * C];
#pragma GCC unroll 16
    for (int c = 0; c < P * C; ++c) w[c] = load(panels[c / C] + (k * C + c % C) * kLanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec<T> value = broadcast(x[r * depth + k]);
#pragma GCC unroll 16
      for (int c = 0; c < P * C; ++c) sums[r][c] = fused(value, w[c], sums[r][c]);
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < P * C; ++c) {
    const std::int64_t left = width - c * kLanes<T>;
    const Vec<T> b = bias ? load_some(bias + c * kLanes<T>, left) : Vec<T>{};
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec<T> value = bias ? sums[r][c] + b : sums[r][c];
      store_some(y + r * y_step + c * kLanes<T>, value, left);
    }
  }
}

template <typename T, int R, int C>
static inline void multiply_rest(std::int64_t rows, const T* x, std::int64_t depth, const T* panel,
                                 const T* bias, std::int64_t width, T* y, std::int64_t y_step) {
  if constexpr (R > 0) {
    if (rows == R) {
      multiply_tile<T, R, C>(x, depth, panel, bias, width, y, y_step);
    } else {
      multiply_rest<T, R - 1, C>(rows, x, depth, panel, bias, width, y, y_step);
    }
  }
}

template <typename T, int C>
static void multiply_panel(const T* x, std::int64_t rows, std::int64_t depth, const T* panel,
                           const T* bias, std::int64_t width, T* y, std::int64_t y_step) {
  std::int64_t n = 0;
  for (; n + kTileRows <= rows; n += kTileRows) {
    multiply_tile<T, kTileRows, C>(x + n * depth, depth, panel, bias, width, y + n * y_step,
                                   y_step);
  }
  multiply_rest<T, kTileRows - 1, C>(rows - n, x + n * depth, depth, panel, bias, width,
                                     y + n * y_step, y_step);
}

template <typename T, int C>
static inline void multiply_narrow(int vectors, const T* x, std::int64_t rows, std::int64_t depth,
                                   const T* panel, const T* bias, std::int64_t width, T* y,
                                   std::int64_t y_step) {
  if constexpr (C > 0) {
    if (vectors == C) {
      multiply_panel<T, C>(x, rows, depth, panel, bias, width, y, y_step);
    } else {
      multiply_narrow<T, C - 1>(vectors, x, rows, depth, panel, bias, width, y, y_step);
    }
  }
}

template <typename T>
static inline int vectors_for(std::int64_t outputs) {
  const std::int64_t vectors = (outputs + kLanes<T> - 1) / kLanes<T>;
  return vectors < kPanelVectors ? static_cast<int>(vectors) : kPanelVectors;
}

// Groups of full panels for R rows, for as long as there is a whole group; the outputs done.
template <typename T, int R>
static std::int64_t multiply_groups(const T* x, std::int64_t depth, const T* packed, const T* bias,
                                    std::int64_t outputs, T* y, std::int64_t y_step) {
  constexpr int kPanels = kFewSums / (R * kPanelVectors);
  constexpr std::int64_t kWidth = kPanels * kPanelVectors * kLanes<T>;
  std::int64_t m = 0;
  for (; m + kWidth <= outputs; m += kWidth) {
    multiply_tile<T, R, kPanelVectors, kPanels>(x, depth, packed + m * depth,
                                                bias ? bias + m : nullptr, kWidth, y + m, y_step);
  }
  return m;
}

template <typename T>
static void multiply(const T* x, std::int64_t rows, std::int64_t depth, const T* packed,
                     const T* bias, std::int64_t outputs, T* y, std::int64_t y_step) {
  constexpr std::int64_t kWidth = kPanelVectors * kLanes<T>;
  std::int64_t m = 0;
  if (rows == 1) m = multiply_groups<T, 1>(x, depth, packed, bias, outputs, y, y_step);
  if (rows == 2) m = multiply_groups<T, 2>(x, depth, packed, bias, outputs, y, y_step);
  for (; m < outputs; m += kWidth) {
    const std::int64_t left = outputs - m;
    multiply_narrow<T, kPanelVectors>(vectors_for<T>(left), x, rows, depth, packed + m * depth,
                                      bias ? bias + m : nullptr, left, y + m, y_step);
  }
}

template <typename T>
static std::int64_t packed_size(std::int64_t outputs, std::int64_t depth) {
  return (outputs + kLanes<T> - 1) / kLanes<T> * kLanes<T> * depth;
}

// v[i][j] and v[j][i] change places, for one bit of i and j after the other.
template <typename T, int S = 1>
static inline void transpose(Vec<T>* v) {
  if constexpr (S < kLanes<T>) {
    typename Simd<T>::Int low, high;
    for (int l = 0; l < kLanes<T>; ++l) {
      low[l] = (l & S) ? kLanes<T> + (l & ~S) : l;
      high[l] = (l & S) ? kLanes<T> + l : (l | S);
    }
#pragma GCC unroll 16
    for (int i = 0; i < kLanes<T>; ++i) {
      if (i & S) continue;
      const Vec<T> a = v[i], b = v[i + S];
      v[i] = shuffled(a, b, low);
      v[i + S] = shuffled(a, b, high);
    }
    transpose<T, 2 * S>(v);
  }
}

// One vector of outputs, `real` of them; those past the end are zeros.
template <typename T>
static void pack_column(const T* weight, std::int64_t real, std::int64_t depth, std::int64_t width,
                        T* column) {
  std::int64_t k = 0;
  for (; real >= kLanes<T> && k + kLanes<T> <= depth; k += kLanes<T>) {
    Vec<T> block[kLanes<T>];
#pragma GCC unroll 16
    for (int i = 0; i < kLanes<T>; ++i) block[i] = load(weight + i * depth + k);
    transpose<T>(block);
#pragma GCC unroll 16
    for (int i = 0; i < kLanes<T>; ++i) store(column + (k + i) * width, block[i]);
  }
  for (; k < depth; ++k) {
    for (int i = 0; i < kLanes<T>; ++i) {
      column[k * width + i] = i < real ? weight[i * depth + k] : T(0);
    }
  }
}

template <typename T>
static void pack_panel(const T* weight, std::int64_t outputs, std::int64_t depth, T* panel) {
  const std::int64_t width = vectors_for<T>(outputs) * kLanes<T>;
  for (std::int64_t m = 0; m < width; m += kLanes<T>) {
    pack_column(weight + m * depth, outputs - m, depth, width, panel + m);
  }
}

template <typename T>
static void pack(const T* weight, std::int64_t outputs, std::int64_t depth, T* packed) {
  constexpr std::int64_t kWidth = kPanelVectors * kLanes<T>;
  for (std::int64_t m = 0; m < outputs; m += kWidth) {
    pack_panel(weight + m * depth, outputs - m, depth, packed + m * depth);
  }
}

// ---- y = x W^T + b with W in bfloat16 as it lies in a file, row after row: nothing is packed, so
// that ranks of a node share one mapping of the file. Here a lane is a place in k: an output is the
// folded sum over lanes of sums over every kLanes-th k.

static inline Vec<float> as_floats(const float* from, std::int64_t some) {
  return load_some(from, some);
}
static inline Vec<float> as_floats(const std::uint16_t* from, std::int64_t some) {
  return widened_some(from, some);
}

// R rows x M outputs, R M = lanes, so that one fold makes all their sums; the first `real` outputs
// are stored. Weight: bfloat16, or floats that were widened from it.
template <int R, bool kWhole, typename Weight>
static inline void dot_tile(const float* x, std::int64_t depth, const Weight* weight,
                            const float* bias, std::int64_t real, float* y, std::int64_t y_step) {
  constexpr int M = kLanes<float> / R;
  Vec<float> sums[R * M] = {};
  for_vectors<float>(depth, [&](std::int64_t k, std::int64_t some) {
    Vec<float> w[M];
#pragma GCC unroll 16
    for (int m = 0; m < M; ++m) {
      const Weight* row = weight + (kWhole || m < real ? m : 0) * depth + k;
      w[m] = as_floats(row, some);
      // The next tile's weights: so many short rows at once are more than the processor foresees.
      if constexpr (sizeof(Weight) == 2) __builtin_prefetch(row + M * depth, 0, 2);
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec<float> value = load_some(x + r * depth + k, some);
#pragma GCC unroll 16
      for (int m = 0; m < M; ++m) sums[r * M + m] = fused(value, w[m], sums[r * M + m]);
    }
  });
  fold_level<float, 1>(sums);
  float lanes[kLanes<float>];
  store(lanes, sums[0]);
  for (int r = 0; r < R; ++r) {
    for (int m = 0; m < (kWhole ? M : real); ++m) {
      y[r * y_step + m] = bias ? lanes[r * M + m] + bias[m] : lanes[r * M + m];
    }
  }
}

template <int R, typename Weight>
static void dot_rows(const float* x, std::int64_t depth, const Weight* weight, const float* bias,
                     std::int64_t outputs, float* y, std::int64_t y_step) {
  constexpr std::int64_t M = kLanes<float> / R;
  std::int64_t m = 0;
  for (; m + M <= outputs; m += M) {
    dot_tile<R, true>(x, depth, weight + m * depth, bias ? bias + m : nullptr, M, y + m, y_step);
  }
  if (m < outputs) {
    dot_tile<R, false>(x, depth, weight + m * depth, bias ? bias + m : nullptr, outputs - m, y + m,
                       y_step);
  }
}

// Outputs in a block, which stays in the second cache while all rows pass it.
static std::int64_t dot_block(std::int64_t depth) {
  constexpr std::int64_t kElements = 32 * 1024, kLeast = kLanes<float>;
  const std::int64_t fitting = kElements / (depth + 1) / kLeast * kLeast;
  return fitting < kLeast ? kLeast : fitting;
}

static std::int64_t widened_size(std::int64_t depth) { return dot_block(depth) * depth; }

static void widen(const std::uint16_t* from, std::int64_t count, float* to) {
  for_vectors<float>(count, [&](std::int64_t i, std::int64_t some) {
    store_some(to + i, widened_some(from + i, some), some);
  });
}

// All rows against one block, four, two and one at a time.
template <typename Weight>
static void dot_block_rows(const float* x, std::int64_t rows, std::int64_t depth,
                           const Weight* weight, const float* bias, std::int64_t outputs, float* y,
                           std::int64_t y_step) {
  std::int64_t n = 0;
  for (; n + 4 <= rows; n += 4) {
    dot_rows<4>(x + n * depth, depth, weight, bias, outputs, y + n * y_step, y_step);
  }
  for (; n + 2 <= rows; n += 2) {
    dot_rows<2>(x + n * depth, depth, weight, bias, outputs, y + n * y_step, y_step);
  }
  if (n < rows) dot_rows<1>(x + n * depth, depth, weight, bias, outputs, y + n * y_step, y_step);
}

static void multiply_bfloat16(const float* x, std::int64_t rows, std::int64_t depth,
                              const std::uint16_t* weight, const float* bias, std::int64_t outputs,
                              float* y, std::int64_t y_step, float* room) {
  constexpr std::int64_t kWorthWidening = 32;  // rows; both ways give the same bits
  const std::int64_t block = dot_block(depth);
  for (std::int64_t m = 0; m < outputs; m += block) {
    const std::int64_t some = outputs - m < block ? outputs - m : block;
    const std::uint16_t* w = weight + m * depth;
    const float* b = bias ? bias + m : nullptr;
    if (rows < kWorthWidening) {
      dot_block_rows(x, rows, depth, w, b, some, y + m, y_step);
    } else {
      widen(w, some * depth, room);
      dot_block_rows<float>(x, rows, depth, room, b, some, y + m, y_step);
    }
  }
}
