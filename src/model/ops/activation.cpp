// swiglu, gelu and tanh, elementwise.
#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Tensor swiglu_elements(const Tensor& gate, const Tensor& up) {
  Tensor y = at::empty_like(gate);
  dispatch(gate, [&]<typename T>(T) {
    kernels<T>().swiglu(data<T>(gate), data<T>(up), gate.numel(), mutable_data<T>(y));
  });
  return y;
}

class SwiGlu : public torch::autograd::Function<SwiGlu> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& gate, const Tensor& up) {
    context->save_for_backward({gate, up});
    return swiglu_elements(gate, up);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor dy = slopes[0].contiguous();
    Tensor dgate = context->needs_input_grad(0) ? at::empty_like(dy) : Tensor();
    Tensor dup = context->needs_input_grad(1) ? at::empty_like(dy) : Tensor();
    dispatch(dy, [&]<typename T>(T) {
      kernels<T>().swiglu_gradient(data<T>(saved[0]), data<T>(saved[1]), data<T>(dy), dy.numel(),
                                   data_or_null<T>(dgate), data_or_null<T>(dup));
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

}  // namespace

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  ARF_CHECK(gate.sizes() == up.sizes() && gate.scalar_type() == up.scalar_type(),
            "gate {} and up {} differ", fmt::join(gate.sizes(), "x"), fmt::join(up.sizes(), "x"));
  if (!gate.is_cpu()) return device::swiglu(gate, up);
  const Tensor g = gate.contiguous(), u = up.contiguous();
  return needs_graph(g, u) ? SwiGlu::apply(g, u) : swiglu_elements(g, u);
}

Tensor gelu(const Tensor& x) { return x.is_cpu() ? elementwise<GeluShape>(x) : device::gelu(x); }

Tensor tanh(const Tensor& x) { return x.is_cpu() ? elementwise<TanhShape>(x) : device::tanh(x); }

}  // namespace arf::ops
