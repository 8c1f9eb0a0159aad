// The two products of a weight on one core: packed float32 and bfloat16 as it lies in a file, by
// shape and number of rows, in turns in one run; the median of several. Target `products`, not
// built by default:  build/benchmarks/products [avx512|avx2|portable]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "core/philox.h"
#include "model/ops/kernels.h"

using namespace arf;

namespace {

struct Shape {
  const char* what;
  std::int64_t outputs, depth;
};

// Of Qwen2.5-1.5B: query or output, keys, gate or up, down.
const Shape kShapes[] = {
    {"1536 x 1536", 1536, 1536},
    {"256 x 1536", 256, 1536},
    {"8960 x 1536", 8960, 1536},
    {"1536 x 8960", 1536, 8960},
};
const std::int64_t kRows[] = {1, 2, 4, 8, 16, 64, 256};
constexpr int kRounds = 5;
constexpr double kOperations = 4e8;  // of one timing, about

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

std::vector<float> drawn(std::int64_t count, std::uint64_t unit) {
  const RandomStream stream(1, Purpose::kTest, unit);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(stream.normal(i % 65536));
  }
  return values;
}

void time_shape(const Shape& shape) {
  const auto& kernels = ops::kernels<float>();
  const std::vector<float> weight = drawn(shape.outputs * shape.depth, 1);
  std::vector<std::uint16_t> halves(weight.size());
  std::transform(weight.begin(), weight.end(), halves.begin(), [](float value) {
    return static_cast<std::uint16_t>(__builtin_bit_cast(std::uint32_t, value) >> 16);
  });
  std::vector<float> packed(kernels.packed_size(shape.outputs, shape.depth));
  kernels.pack(weight.data(), shape.outputs, shape.depth, packed.data());
  std::vector<float> buffer(kernels.widened_size(shape.depth) + 16);
  float* const room =
      buffer.data() + (64 - reinterpret_cast<std::uintptr_t>(buffer.data()) % 64) / 4;
  for (const std::int64_t rows : kRows) {
    const std::vector<float> x = drawn(rows * shape.depth, 2);
    std::vector<float> y(rows * shape.outputs);
    const double operations = 2.0 * rows * shape.outputs * shape.depth;
    const int repeats = std::max(1, static_cast<int>(kOperations / operations));
    std::vector<double> full, half;
    for (int round = 0; round < kRounds; ++round) {
      double began = seconds();
      for (int i = 0; i < repeats; ++i) {
        kernels.multiply(x.data(), rows, shape.depth, packed.data(), nullptr, shape.outputs,
                         y.data(), shape.outputs);
      }
      full.push_back((seconds() - began) / repeats);
      began = seconds();
      for (int i = 0; i < repeats; ++i) {
        kernels.multiply_bfloat16(x.data(), rows, shape.depth, halves.data(), nullptr,
                                  shape.outputs, y.data(), shape.outputs, room);
      }
      half.push_back((seconds() - began) / repeats);
    }
    const double f = median(full), h = median(half);
    std::printf("%-12s %5lld %14.1f %14.1f %10.2f\n", shape.what, static_cast<long long>(rows),
                operations / f / 1e9, operations / h / 1e9, f / h);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) ops::use_instruction_set(argv[1]);
  std::printf("%s, one core; GFLOP/s\n%-12s %5s %14s %14s %10s\n", ops::instruction_set(), "W",
              "rows", "float32 packed", "bfloat16", "ratio");
  for (const Shape& shape : kShapes) time_shape(shape);
}
