// y = x W^T + b. Included by kernels.inl inside the namespace of an instruction set.
//
// A panel holds up to kPanelVectors vectors of outputs; for each k one value per output, so that a
// SIMD lane is an output and its sum runs over k alone, in order.

// R rows x C vectors of outputs, `width` of which are real.
template <typename T, int R, int C>
static inline void multiply_tile(const T* x, std::int64_t depth, const T* panel, const T* bias,
                                 std::int64_t width, T* y, std::int64_t y_step) {
  Vec<T> sums[R][C] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    Vec<T> w[C];
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) w[c] = load(panel + (k * C + c) * kLanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec<T> value = broadcast(x[r * depth + k]);
#pragma GCC unroll 8
      for (int c = 0; c < C; ++c) sums[r][c] = fused(value, w[c], sums[r][c]);
    }
  }
#pragma GCC unroll 8
  for (int c = 0; c < C; ++c) {
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

template <typename T>
static void multiply(const T* x, std::int64_t rows, std::int64_t depth, const T* packed,
                     const T* bias, std::int64_t outputs, T* y, std::int64_t y_step) {
  constexpr std::int64_t kWidth = kPanelVectors * kLanes<T>;
  for (std::int64_t m = 0; m < outputs; m += kWidth) {
    const std::int64_t left = outputs - m;
    multiply_narrow<T, kPanelVectors>(vectors_for<T>(left), x, rows, depth, packed + m * depth,
                                      bias ? bias + m : nullptr, left, y + m, y_step);
  }
}

template <typename T>
static std::int64_t packed_size(std::int64_t outputs, std::int64_t depth) {
  return (outputs + kLanes<T> - 1) / kLanes<T> * kLanes<T> * depth;
}

template <typename T>
static void pack_panel(const T* weight, std::int64_t outputs, std::int64_t depth, T* panel) {
  const std::int64_t width = vectors_for<T>(outputs) * kLanes<T>;
  for (std::int64_t m = 0; m < width; ++m) {
    const T* row = weight + m * depth;
    if (m < outputs) {
      for (std::int64_t k = 0; k < depth; ++k) panel[k * width + m] = row[k];
    } else {
      for (std::int64_t k = 0; k < depth; ++k) panel[k * width + m] = T(0);
    }
  }
}

template <typename T>
static void pack(const T* weight, std::int64_t outputs, std::int64_t depth, T* packed) {
  constexpr std::int64_t kWidth = kPanelVectors * kLanes<T>;
  for (std::int64_t m = 0; m < outputs; m += kWidth) {
    pack_panel(weight + m * depth, outputs - m, depth, packed + m * depth);
  }
}
