// From tensors to plain pointers: one type check per operation.
#pragma once

#include "model/ops/tensor.h"

namespace arf::ops {

// Calls body(T{}) with the tensor's element type, float or double.
template <typename Body>
void dispatch(const Tensor& tensor, Body body) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
      return body(float{});
    case at::kDouble:
      return body(double{});
    default:
      defect("an operation on {} elements; float32 or float64 are known",
             c10::toString(tensor.scalar_type()));
  }
}

template <typename T>
const T* data(const Tensor& tensor) {
  return tensor.const_data_ptr<T>();
}
template <typename T>
T* mutable_data(const Tensor& tensor) {
  return tensor.mutable_data_ptr<T>();
}
// Null for an undefined tensor.
template <typename T>
T* data_or_null(const Tensor& tensor) {
  return tensor.defined() ? tensor.mutable_data_ptr<T>() : nullptr;
}

inline std::int64_t rows_of(const Tensor& x) {
  return x.numel() / std::max<std::int64_t>(1, x.size(-1));
}

// Whether autograd must see this operation; without it the plain kernel is called at once.
template <typename... Tensors>
bool needs_graph(const Tensors&... tensors) {
  return at::GradMode::is_enabled() && ((tensors.defined() && tensors.requires_grad()) || ...);
}

}  // namespace arf::ops
