#include "model/ops/arithmetic.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>
#include <thread>

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

// Those of linear()'s backward: few rows and many, short sums and long ones.
constexpr struct {
  std::int64_t t, k, n;  // t rows of k values to n
} kProducts[] = {{3, 40, 7}, {70, 64, 96}, {48, 64, 1024}, {1200, 40, 24}};

void add_products(Probe* probe) {
  for (const auto& [t, k, n] : kProducts) {
    const Tensor dy = numbers(t, n, 1), x = numbers(t, k, 2), weight = numbers(n, k, 3);
    probe->add(dy.mm(weight));
    probe->add(dy.t().mm(x));
    probe->add(dy.sum(0));  // the bias's
  }
}

// Those of losses, in both types.
void add_functions(Probe* probe) {
  for (const auto type : {at::kFloat, at::kDouble}) {
    const Tensor x = numbers(16, 33, 4).to(type);
    const Tensor above_0 = x + 2.5;
    for (const Tensor& y : {x.exp(), x.mean(), x.sum(), above_0.log(), at::rsqrt(above_0),
                            at::log_softmax(x, -1), at::log_sigmoid(x), at::tanh(x)}) {
      probe->add(y);
    }
  }
}

// The sampler's, which are the C library's.
void add_scalars(Probe* probe) {
  const Tensor x = numbers(1, 256, 5);
  Tensor results = at::empty({3, 256}, at::kDouble);
  auto* result = results.data_ptr<double>();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const float value = x.data_ptr<float>()[i];
    *result++ = std::exp(static_cast<double>(value));
    *result++ = std::log(static_cast<double>(value) + 2.5);
    *result++ = std::log(value + 2.5f);
  }
  probe->add(results);
}

std::uint64_t probe_hash() {
  std::uint64_t hash = 0;
  std::thread([&hash] {  // where LibTorch has one thread, as in a unit
    const at::NoGradGuard no_grad;
    at::set_num_threads(1);
    Probe probe;
    add_products(&probe);
    add_functions(&probe);
    add_scalars(&probe);
    hash = probe.hash();
  })
      .join();
  return hash;
}

}  // namespace

std::string arithmetic() {
  static const std::uint64_t hash = probe_hash();
  return fmt::format("{}-{:016x}", instruction_set(), hash);
}

}  // namespace arf::ops
