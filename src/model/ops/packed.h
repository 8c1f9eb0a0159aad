// The product x W^T on the CPU without autograd, and the store of packed weights behind
// ops::prepack.
#pragma once

#include <memory>

#include "model/ops/tensor.h"

namespace arf::ops {

// The packed form of `weight` [M, K]; null if it was not packed, was released, or was changed in
// place since. Keeps the packed form alive while in use.
std::shared_ptr<const Tensor> find_packed(const Tensor& weight);

// y [N, M] = x [N, K] W^T + b, all contiguous and of one type on the CPU; bias may be undefined.
Tensor multiply_weight(const Tensor& x, const Tensor& weight, const Tensor& bias);

// A buffer of this thread with room for `count` elements; valid until the thread's next call.
template <typename T>
T* thread_scratch(std::int64_t count) {
  thread_local std::vector<T> buffer;
  if (static_cast<std::int64_t>(buffer.size()) < count) buffer.resize(count);
  return buffer.data();
}

}  // namespace arf::ops
