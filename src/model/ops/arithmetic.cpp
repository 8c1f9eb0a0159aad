#include "model/ops/arithmetic.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <future>

#include "core/hash.h"
#include "model/ops/kernels.h"
#include "model/ops/tensor.h"

namespace arf::ops {
namespace {

// Values in [-2, 2) that are exact in float32 and have all its bits.
Tensor numbers(std::int64_t rows, std::int64_t columns, std::uint32_t seed) {
  Tensor result = at::empty({rows, columns});
  auto* value = result.data_ptr<float>();
  for (std::int64_t i = 0; i < result.numel(); ++i) {
    const std::uint32_t bits = (static_cast<std::uint32_t>(i) + seed) * 2654435761u;
    value[i] = static_cast<float>(bits >> 8) * 0x1p-22f - 2;
  }
  return result;
}

class Probe {
 public:
  void add(const Tensor& result) {
    const Tensor flat = result.contiguous();
    const auto bytes = static_cast<std::size_t>(flat.numel() * flat.element_size());
    add(xxh3({static_cast<const char*>(flat.data_ptr()), bytes}));
  }
  void add(std::uint64_t hash) { text_ += fmt::format("{:x} ", hash); }
  std::uint64_t hash() const { return xxh3(text_); }

 private:
  std::string text_;
};

// Those of linear()'s backward: few rows and many, short sums and long ones (over a vocabulary).
constexpr struct {
  std::int64_t t, k, n;  // t rows of k values to n
} kProducts[] = {{3, 40, 7},     {70, 64, 96},  {48, 64, 1024},
                 {1200, 40, 24}, {5, 24, 8192}, {8192, 24, 5}};

void add_products(Probe* probe) {
  for (const auto& [t, k, n] : kProducts) {
    const Tensor dy = numbers(t, n, 1), x = numbers(t, k, 2), weight = numbers(n, k, 3);
    probe->add(dy.mm(weight));
    probe->add(dy.t().mm(x));
    probe->add(dy.sum(0));  // the bias's
  }
}

// Those of losses.
void add_functions(Probe* probe) {
  const Tensor x = numbers(64, 65, 4);
  const Tensor y = numbers(64, 65, 5).requires_grad_(true);
  for (const Tensor& result : {x.exp(), x.mean(), x.sum(), x.to(at::kDouble).sum()}) {
    probe->add(result);
  }
  const at::AutoGradMode with_gradients(true);
  const Tensor loss = at::log_sigmoid(y);
  probe->add(loss.detach());
  probe->add(torch::autograd::grad({loss.sum()}, {y}).front());
}

// The C library's: sampling, drawn weights, rotary positions, AdamW. Some hardware's differ in one
// of a thousand values only.
void add_scalars(Probe* probe) {
  constexpr std::int64_t kCount = 1 << 15;
  const Tensor x = numbers(1, kCount, 6);
  Tensor results = at::empty({6, kCount}, at::kDouble);
  auto* result = results.data_ptr<double>();
  for (std::int64_t i = 0; i < kCount; ++i) {
    const float single = x.data_ptr<float>()[i];
    const double value = single;
    *result++ = std::exp(value);
    *result++ = std::log(value + 2.5);
    *result++ = std::log(single + 2.5f);
    *result++ = std::sin(1000 * value);
    *result++ = std::cos(1000 * value);
    *result++ = std::pow(1 + value / 16, static_cast<double>(i % 1000));
  }
  probe->add(results);
}

}  // namespace

std::uint64_t try_arithmetic() {
  // On a thread where LibTorch has no others, as in a unit.
  return std::async(std::launch::async,
                    [] {
                      const at::NoGradGuard no_grad;
                      at::set_num_threads(1);
                      Probe probe;
                      add_products(&probe);
                      add_functions(&probe);
                      add_scalars(&probe);
                      return probe.hash();
                    })
      .get();
}

std::string arithmetic() {
  static const std::uint64_t hash = try_arithmetic();
  return fmt::format("{}-{:016x}", instruction_set(), hash);
}

}  // namespace arf::ops
