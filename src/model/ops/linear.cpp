// linear and embedding.
#include <optional>

#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/ops.h"
#include "model/ops/packed.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class Linear : public torch::autograd::Function<Linear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const std::optional<Tensor>& bias) {
    // Only the gradient of W reads x: under a frozen weight x may go as soon as others let it.
    context->save_for_backward({context->needs_input_grad(1) ? x : Tensor(), weight});
    context->saved_data["bias"] = bias.has_value();
    return multiply_weight(x, weight, bias.value_or(Tensor()));
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& dy = slopes[0];
    const bool biased = context->saved_data["bias"].toBool();
    variable_list gradients(3);
    if (context->needs_input_grad(0)) gradients[0] = multiply_back(dy, saved[1]);
    if (context->needs_input_grad(1)) gradients[1] = dy.t().mm(saved[0]);
    if (biased && context->needs_input_grad(2)) gradients[2] = dy.sum(0);
    return gradients;
  }
};

class Embedding : public torch::autograd::Function<Embedding> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& ids, const Tensor& table) {
    context->save_for_backward({ids});
    context->saved_data["rows"] = table.size(0);
    return table.index_select(0, ids);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const Tensor ids = context->get_saved_variables()[0];
    const std::int64_t rows = context->saved_data["rows"].toInt();
    Tensor gradient = at::zeros({rows, slopes[0].size(1)}, slopes[0].options());
    gradient.index_add_(0, ids, slopes[0]);
    return {Tensor(), gradient};
  }
};

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  ARF_CHECK(x.dim() == 2 && weight.dim() == 2 && x.size(1) == weight.size(1), "x {} against W {}",
            fmt::join(x.sizes(), "x"), fmt::join(weight.sizes(), "x"));
  ARF_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0)),
            "a bias of {} elements for {} outputs", bias.numel(), weight.size(0));
  if (!x.is_cpu()) return device::linear(x, weight, bias);
  ARF_CHECK(fit_together(x, weight) && (!bias.defined() || bias.scalar_type() == x.scalar_type()),
            "x is {}, W is {}", c10::toString(x.scalar_type()),
            c10::toString(weight.scalar_type()));
  const Tensor xs = x.contiguous(), w = weight.contiguous();
  const Tensor b = bias.defined() ? bias.contiguous() : bias;
  if (!needs_graph(xs, w, b)) return multiply_weight(xs, w, b);
  // An undefined tensor is no argument of an autograd function; an absent one is.
  return Linear::apply(xs, w, b.defined() ? std::optional<Tensor>(b) : std::nullopt);
}

Tensor embedding(const Tensor& ids, const Tensor& table) {
  ARF_CHECK(ids.dim() == 1 && table.dim() == 2, "ids [N] and a table [V, H] are needed");
  ARF_CHECK(ids.scalar_type() == at::kInt || ids.scalar_type() == at::kLong,
            "ids are int32 or int64, not {}", c10::toString(ids.scalar_type()));
  if (!table.is_cpu()) return device::embedding(ids, table);
  if (!needs_graph(table)) {
    const Tensor rows = table.index_select(0, ids);
    return table.scalar_type() == at::kBFloat16 ? rows.to(at::kFloat) : rows;
  }
  return Embedding::apply(ids, table);
}

}  // namespace arf::ops
