// The products with a weight on the CPU without autograd, and the store of packed weights behind
// ops::prepack.
#pragma once

#include <memory>

#include "model/ops/tensor.h"

namespace arf::ops {

// The packed form of `weight` [M, K]; null if it was not packed, was released, or was changed in
// place since. Keeps the packed form alive while in use.
std::shared_ptr<const Tensor> find_packed(const Tensor& weight);

// y [N, M] = x [N, K] W^T + b, all contiguous and of one type on the CPU, or W in bfloat16 and the
// others in float32; bias may be undefined.
Tensor multiply_weight(const Tensor& x, const Tensor& weight, const Tensor& bias);
// dx [N, K] = dy [N, M] W, the same W: the gradient by x.
Tensor multiply_back(const Tensor& dy, const Tensor& weight);
// Whether x and W are a pair that these take.
bool fit_together(const Tensor& x, const Tensor& weight);

// A buffer of this thread with room for `count` elements, at the start of a cache line (a vector
// that lies across two is read at half the speed); valid until the thread's next call.
template <typename T>
T* thread_scratch(std::int64_t count) {
  constexpr std::int64_t kLine = 64 / sizeof(T);
  thread_local std::vector<T> buffer;
  if (static_cast<std::int64_t>(buffer.size()) < count + kLine) buffer.resize(count + kLine);
  const auto address = reinterpret_cast<std::uintptr_t>(buffer.data());
  return buffer.data() + (64 - address % 64) % 64 / sizeof(T);
}

}  // namespace arf::ops
