// rms_norm and layer_norm: one pass over a row each way, the row's statistics saved.
#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Tensor rms_norm_rows(const Tensor& x, const Tensor& weight, double eps, const Tensor& inverse) {
  Tensor y = at::empty_like(x);
  dispatch(x, [&]<typename T>(T) {
    kernels<T>().rms_norm(data<T>(x), data<T>(weight), rows_of(x), x.size(-1), eps,
                          mutable_data<T>(y), data_or_null<T>(inverse));
  });
  return y;
}

class RmsNorm : public torch::autograd::Function<RmsNorm> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                        double eps) {
    const Tensor inverse = at::empty({rows_of(x)}, x.options());
    const Tensor y = rms_norm_rows(x, weight, eps, inverse);
    context->save_for_backward({x, weight, inverse});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], dy = slopes[0].contiguous();
    Tensor dx = context->needs_input_grad(0) ? at::empty_like(x) : Tensor();
    Tensor dweight = context->needs_input_grad(1) ? at::zeros_like(weight) : Tensor();
    dispatch(x, [&]<typename T>(T) {
      kernels<T>().rms_norm_gradient(data<T>(x), data<T>(weight), data<T>(saved[2]), data<T>(dy),
                                     rows_of(x), x.size(-1), data_or_null<T>(dx),
                                     data_or_null<T>(dweight));
    });
    return {dx, dweight, Tensor()};
  }
};

Tensor layer_norm_rows(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps,
                       const Tensor& mean, const Tensor& inverse) {
  Tensor y = at::empty_like(x);
  dispatch(x, [&]<typename T>(T) {
    kernels<T>().layer_norm(data<T>(x), data<T>(weight), data<T>(bias), rows_of(x), x.size(-1), eps,
                            mutable_data<T>(y), data_or_null<T>(mean), data_or_null<T>(inverse));
  });
  return y;
}

class LayerNorm : public torch::autograd::Function<LayerNorm> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias, double eps) {
    const Tensor mean = at::empty({rows_of(x)}, x.options());
    const Tensor inverse = at::empty({rows_of(x)}, x.options());
    const Tensor y = layer_norm_rows(x, weight, bias, eps, mean, inverse);
    context->save_for_backward({x, weight, mean, inverse});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], dy = slopes[0].contiguous();
    Tensor dx = context->needs_input_grad(0) ? at::empty_like(x) : Tensor();
    Tensor dweight = context->needs_input_grad(1) ? at::zeros_like(weight) : Tensor();
    Tensor dbias = context->needs_input_grad(2) ? at::zeros_like(weight) : Tensor();
    dispatch(x, [&]<typename T>(T) {
      kernels<T>().layer_norm_gradient(data<T>(x), data<T>(weight), data<T>(saved[2]),
                                       data<T>(saved[3]), data<T>(dy), rows_of(x), x.size(-1),
                                       data_or_null<T>(dx), data_or_null<T>(dweight),
                                       data_or_null<T>(dbias));
    });
    return {dx, dweight, dbias, Tensor()};
  }
};

void check_norm(const Tensor& x, const Tensor& weight) {
  ARF_CHECK(x.dim() >= 1 && weight.dim() == 1 && x.size(-1) == weight.size(0),
            "rows of {} elements and {} weights", x.size(-1), weight.numel());
  ARF_CHECK(x.scalar_type() == weight.scalar_type(), "x is {}, the weight {}",
            c10::toString(x.scalar_type()), c10::toString(weight.scalar_type()));
}

}  // namespace

Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps) {
  check_norm(x, weight);
  if (!x.is_cpu()) return device::rms_norm(x, weight, eps);
  const Tensor xs = x.contiguous(), w = weight.contiguous();
  if (!needs_graph(xs, w)) return rms_norm_rows(xs, w, eps, {});
  return RmsNorm::apply(xs, w, eps);
}

Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps) {
  check_norm(x, weight);
  check_norm(x, bias);
  if (!x.is_cpu()) return device::layer_norm(x, weight, bias, eps);
  const Tensor xs = x.contiguous(), w = weight.contiguous(), b = bias.contiguous();
  if (!needs_graph(xs, w, b)) return layer_norm_rows(xs, w, b, eps, {}, {});
  return LayerNorm::apply(xs, w, b, eps);
}

}  // namespace arf::ops
