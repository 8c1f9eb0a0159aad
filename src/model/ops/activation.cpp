// swiglu, geglu, gelu and tanh, elementwise.
#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Gated linear units (Shazeer 2020): y = f(gate) * up, as two kernels.
struct SwiGlu {
  template <typename T>
  static constexpr auto kValue = &Kernels<T>::swiglu;
  template <typename T>
  static constexpr auto kGradient = &Kernels<T>::swiglu_gradient;
};
struct GeGlu {
  template <typename T>
  static constexpr auto kValue = &Kernels<T>::geglu;
  template <typename T>
  static constexpr auto kGradient = &Kernels<T>::geglu_gradient;
};

template <typename Unit>
Tensor gated_elements(const Tensor& gate, const Tensor& up) {
  Tensor y = at::empty_like(gate);
  dispatch(gate, [&]<typename T>(T) {
    (kernels<T>().*Unit::template kValue<T>)(data<T>(gate), data<T>(up), gate.numel(),
                                             mutable_data<T>(y));
  });
  return y;
}

template <typename Unit>
class Gated : public torch::autograd::Function<Gated<Unit>> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& gate, const Tensor& up) {
    context->save_for_backward({gate, up});
    return gated_elements<Unit>(gate, up);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor dy = slopes[0].contiguous();
    Tensor dgate = context->needs_input_grad(0) ? at::empty_like(dy) : Tensor();
    Tensor dup = context->needs_input_grad(1) ? at::empty_like(dy) : Tensor();
    dispatch(dy, [&]<typename T>(T) {
      (kernels<T>().*Unit::template kGradient<T>)(data<T>(saved[0]), data<T>(saved[1]), data<T>(dy),
                                                  dy.numel(), data_or_null<T>(dgate),
                                                  data_or_null<T>(dup));
    });
    return {dgate, dup};
  }
};

// Functions of one element, as two kernels: y = value(x), dx = dy * slope(x).
struct GeluShape {
  template <typename T>
  static constexpr auto kValue = &Kernels<T>::gelu;
  template <typename T>
  static constexpr auto kGradient = &Kernels<T>::gelu_gradient;
};
struct TanhShape {
  template <typename T>
  static constexpr auto kValue = &Kernels<T>::tanh;
  template <typename T>
  static constexpr auto kGradient = &Kernels<T>::tanh_gradient;
};

template <typename Shape>
Tensor each_element(const Tensor& x) {
  Tensor y = at::empty_like(x);
  dispatch(x, [&]<typename T>(T) {
    (kernels<T>().*Shape::template kValue<T>)(data<T>(x), x.numel(), mutable_data<T>(y));
  });
  return y;
}

template <typename Shape>
class Elementwise : public torch::autograd::Function<Elementwise<Shape>> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return each_element<Shape>(x);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const Tensor x = context->get_saved_variables()[0], dy = slopes[0].contiguous();
    Tensor dx = at::empty_like(x);
    dispatch(x, [&]<typename T>(T) {
      (kernels<T>().*Shape::template kGradient<T>)(data<T>(x), data<T>(dy), x.numel(),
                                                   mutable_data<T>(dx));
    });
    return {dx};
  }
};

template <typename Shape>
Tensor elementwise(const Tensor& x) {
  const Tensor xs = x.contiguous();
  return needs_graph(xs) ? Elementwise<Shape>::apply(xs) : each_element<Shape>(xs);
}

template <typename Unit>
Tensor gated(const Tensor& gate, const Tensor& up) {
  ARF_CHECK(gate.sizes() == up.sizes() && gate.scalar_type() == up.scalar_type(),
            "gate {} and up {} differ", fmt::join(gate.sizes(), "x"), fmt::join(up.sizes(), "x"));
  const Tensor g = gate.contiguous(), u = up.contiguous();
  return needs_graph(g, u) ? Gated<Unit>::apply(g, u) : gated_elements<Unit>(g, u);
}

}  // namespace

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  return gate.is_cpu() ? gated<SwiGlu>(gate, up) : device::swiglu(gate, up);
}

Tensor geglu(const Tensor& gate, const Tensor& up) {
  return gate.is_cpu() ? gated<GeGlu>(gate, up) : device::geglu(gate, up);
}

Tensor gelu(const Tensor& x) { return x.is_cpu() ? elementwise<GeluShape>(x) : device::gelu(x); }

Tensor tanh(const Tensor& x) { return x.is_cpu() ? elementwise<TanhShape>(x) : device::tanh(x); }

}  // namespace arf::ops
