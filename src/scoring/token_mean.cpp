#include "scoring/token_mean.h"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <cmath>
#include <vector>

// Letters of shapes: N tokens, B texts, C classes.

namespace arf {
namespace {

template <typename T>
void forward_text(const T* logits_NC, std::int64_t num_tokens, std::int64_t classes,
                  double temperature, T* out_C) {
  std::vector<double> mean(static_cast<std::size_t>(classes), 0.0);
  for (std::int64_t i = 0; i < num_tokens; ++i) {
    for (std::int64_t c = 0; c < classes; ++c) {
      mean[static_cast<std::size_t>(c)] += static_cast<double>(logits_NC[i * classes + c]);
    }
  }
  for (double& value : mean) value /= static_cast<double>(num_tokens) * temperature;
  const double largest = *std::max_element(mean.begin(), mean.end());
  double sum = 0;
  for (const double value : mean) sum += std::exp(value - largest);
  const double log_sum = largest + std::log(sum);
  for (std::int64_t c = 0; c < classes; ++c) {
    out_C[c] = static_cast<T>(mean[static_cast<std::size_t>(c)] - log_sum);
  }
}

// d/dlogit_ic = (g_c - p_c sum(g)) / (n temperature), the same for every token of the text.
template <typename T>
void backward_text(const T* log_p_C, const T* grad_C, std::int64_t num_tokens, std::int64_t classes,
                   double temperature, T* out_NC) {
  double sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) sum += static_cast<double>(grad_C[c]);
  for (std::int64_t c = 0; c < classes; ++c) {
    const double p = std::exp(static_cast<double>(log_p_C[c]));
    const T share = static_cast<T>((static_cast<double>(grad_C[c]) - p * sum) /
                                   (static_cast<double>(num_tokens) * temperature));
    for (std::int64_t i = 0; i < num_tokens; ++i) out_NC[i * classes + c] = share;
  }
}

struct MeanLogSoftmax : torch::autograd::Function<MeanLogSoftmax> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& logits,
                        const std::vector<std::int64_t>& offsets, double temperature) {
    const Tensor logits_NC = logits.contiguous();
    const std::int64_t batch = static_cast<std::int64_t>(offsets.size()) - 1,
                       classes = logits_NC.size(1);
    const Tensor out_BC = at::empty({batch, classes}, logits_NC.options());
    AT_DISPATCH_FLOATING_TYPES(logits_NC.scalar_type(), "mean_log_softmax", [&] {
      for (std::int64_t b = 0; b < batch; ++b) {
        const auto first = offsets[static_cast<std::size_t>(b)];
        const auto last = offsets[static_cast<std::size_t>(b) + 1];
        forward_text(logits_NC.data_ptr<scalar_t>() + first * classes, last - first, classes,
                     temperature, out_BC.data_ptr<scalar_t>() + b * classes);
      }
    });
    context->save_for_backward({out_BC});
    context->saved_data["offsets"] = offsets;
    context->saved_data["temperature"] = temperature;
    return out_BC;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const Tensor out_BC = context->get_saved_variables()[0];
    const auto offsets = context->saved_data["offsets"].toIntVector();
    const double temperature = context->saved_data["temperature"].toDouble();
    const Tensor grad_BC = gradients[0].contiguous();
    const std::int64_t batch = out_BC.size(0), classes = out_BC.size(1);
    const Tensor grad_NC = at::empty({offsets.back(), classes}, out_BC.options());
    AT_DISPATCH_FLOATING_TYPES(out_BC.scalar_type(), "mean_log_softmax_backward", [&] {
      for (std::int64_t b = 0; b < batch; ++b) {
        const auto first = offsets[static_cast<std::size_t>(b)];
        const auto last = offsets[static_cast<std::size_t>(b) + 1];
        backward_text(out_BC.data_ptr<scalar_t>() + b * classes,
                      grad_BC.data_ptr<scalar_t>() + b * classes, last - first, classes,
                      temperature, grad_NC.data_ptr<scalar_t>() + first * classes);
      }
    });
    return {grad_NC, Tensor(), Tensor()};
  }
};

}  // namespace

Tensor mean_log_softmax(const Tensor& logits, const ops::Segments& segments, double temperature) {
  ARF_CHECK(logits.dim() == 2 && logits.size(0) == segments.rows(), "{} rows, {} tokens",
            logits.size(0), segments.rows());
  for (std::int64_t b = 0; b < segments.batch(); ++b) {
    const auto i = static_cast<std::size_t>(b);
    ARF_CHECK(segments.offsets[i] < segments.offsets[i + 1], "text {} has no tokens", b);
  }
  const std::vector<std::int64_t> offsets(segments.offsets.begin(), segments.offsets.end());
  return MeanLogSoftmax::apply(logits, offsets, temperature);
}

}  // namespace arf
