// Log-probabilities of tokens under softmax(hidden W^T), kLogitChunk tokens at a time.
#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"
#include "model/ops/packed.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Calls body(first, logits [n, V]) for each chunk of tokens, one chunk's logits at a time.
template <typename Body>
void for_chunks(const Tensor& hidden, const Tensor& weight, Body body) {
  for (std::int64_t first = 0; first < hidden.size(0); first += kLogitChunk) {
    const std::int64_t count = std::min(kLogitChunk, hidden.size(0) - first);
    body(first, multiply_weight(hidden.narrow(0, first, count), weight, {}));
  }
}

// Scores each token; where `direction` [S, H] is defined it becomes d logprob / d hidden,
// W[target] - sum over v of p_v W_v: made now, while the logits are at hand (measured faster than
// to recompute them).
void score_tokens(const Tensor& hidden, const Tensor& weight, const Tensor& targets,
                  const Tensor& logprobs, const Tensor& entropy, const Tensor& direction) {
  const std::int64_t size = weight.size(0);
  dispatch(hidden, [&]<typename T>(T) {
    const Kernels<T>& k = kernels<T>();
    const std::int32_t* target = data<std::int32_t>(targets);
    for_chunks(hidden, weight, [&](std::int64_t first, const Tensor& logits) {
      for (std::int64_t i = 0; i < logits.size(0); ++i) {
        T* row = mutable_data<T>(logits) + i * size;
        T maximum, log_sum;
        k.log_sum(row, size, &maximum, &log_sum);
        mutable_data<T>(logprobs)[first + i] = row[target[first + i]] - maximum - log_sum;
        if (entropy.defined()) {
          mutable_data<T>(entropy)[first + i] = k.entropy(row, size, maximum, log_sum);
        }
        if (direction.defined()) {
          k.logit_gradient(row, size, maximum, log_sum, T(0), target[first + i], T(1), T(0));
        }
      }
      if (direction.defined()) {
        Tensor part = direction.narrow(0, first, logits.size(0));
        at::mm_out(part, logits, weight);
      }
    });
  });
}

class TokenLogprobs : public torch::autograd::Function<TokenLogprobs> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& hidden, const Tensor& weight,
                               const Tensor& targets, bool with_entropy) {
    const Tensor logprobs = at::empty({hidden.size(0)}, hidden.options());
    const Tensor entropy = with_entropy ? at::empty_like(logprobs) : Tensor();
    const bool recompute = with_entropy || context->needs_input_grad(1);
    const Tensor direction = recompute ? Tensor() : at::empty_like(hidden);
    score_tokens(hidden, weight, targets, logprobs, entropy, direction);
    if (recompute) {
      context->save_for_backward({hidden, weight, targets, entropy});
    } else {
      context->save_for_backward({direction});
    }
    context->saved_data["recompute"] = recompute;
    return with_entropy ? variable_list{logprobs, entropy} : variable_list{logprobs};
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    if (!context->saved_data["recompute"].toBool()) {
      return {saved[0] * slopes[0].unsqueeze(1), Tensor(), Tensor(), Tensor()};
    }
    const Tensor &hidden = saved[0], &weight = saved[1];
    Tensor dhidden = context->needs_input_grad(0) ? at::empty_like(hidden) : Tensor();
    Tensor dweight = context->needs_input_grad(1) ? at::zeros_like(weight) : Tensor();
    const auto add = [&](std::int64_t first, const Tensor& dlogits) {
      const std::int64_t count = dlogits.size(0);
      if (dhidden.defined()) {
        Tensor part = dhidden.narrow(0, first, count);
        at::mm_out(part, dlogits, weight);
      }
      if (dweight.defined()) dweight.addmm_(dlogits.t(), hidden.narrow(0, first, count));
    };
    recompute(saved, slopes, add);
    return {dhidden, dweight, Tensor(), Tensor()};
  }

 private:
  // Calls add(first, d logits [n, V]) for each chunk.
  template <typename Add>
  static void recompute(const variable_list& saved, const variable_list& slopes, Add add) {
    const Tensor &hidden = saved[0], &weight = saved[1], &targets = saved[2], &entropy = saved[3];
    const std::int64_t size = weight.size(0);
    const Tensor dlogprobs = slopes[0].defined() ? slopes[0].contiguous()
                                                 : at::zeros({hidden.size(0)}, hidden.options());
    const Tensor dentropy =
        slopes.size() > 1 && slopes[1].defined() ? slopes[1].contiguous() : Tensor();
    dispatch(hidden, [&]<typename T>(T) {
      for_chunks(hidden, weight, [&](std::int64_t first, const Tensor& logits) {
        for (std::int64_t i = 0; i < logits.size(0); ++i) {
          T* row = mutable_data<T>(logits) + i * size;
          const std::int64_t token = first + i;
          T maximum, log_sum;
          kernels<T>().log_sum(row, size, &maximum, &log_sum);
          kernels<T>().logit_gradient(row, size, maximum, log_sum,
                                      entropy.defined() ? data<T>(entropy)[token] : T(0),
                                      data<std::int32_t>(targets)[token], data<T>(dlogprobs)[token],
                                      dentropy.defined() ? data<T>(dentropy)[token] : T(0));
        }
        add(first, logits);
      });
    });
  }
};

void check_head(const Tensor& hidden, const Tensor& weight) {
  ARF_CHECK(hidden.dim() == 2 && weight.dim() == 2 && hidden.size(1) == weight.size(1) &&
                hidden.scalar_type() == weight.scalar_type(),
            "hidden {} against W {}", fmt::join(hidden.sizes(), "x"),
            fmt::join(weight.sizes(), "x"));
}

}  // namespace

Tensor token_logprobs(const Tensor& hidden, const Tensor& weight, const Tensor& targets,
                      Tensor* entropy) {
  check_head(hidden, weight);
  ARF_CHECK(targets.numel() == hidden.size(0) && targets.scalar_type() == at::kInt,
            "{} targets of type {} for {} tokens", targets.numel(),
            c10::toString(targets.scalar_type()), hidden.size(0));
  if (!hidden.is_cpu()) return device::token_logprobs(hidden, weight, targets, entropy);
  const Tensor h = hidden.contiguous(), w = weight.contiguous(), t = targets.contiguous();
  for (std::int64_t i = 0; i < t.numel(); ++i) {
    const std::int32_t target = data<std::int32_t>(t)[i];
    ARF_CHECK(target >= 0 && target < w.size(0), "token {} of {} in the vocabulary of {}", i,
              target, w.size(0));
  }
  if (needs_graph(h, w)) {
    const variable_list results = TokenLogprobs::apply(h, w, t, entropy != nullptr);
    if (entropy) *entropy = results[1];
    return results[0];
  }
  const Tensor logprobs = at::empty({h.size(0)}, h.options());
  if (entropy) *entropy = at::empty_like(logprobs);
  score_tokens(h, w, t, logprobs, entropy ? *entropy : Tensor(), {});
  return logprobs;
}

Tensor logits(const Tensor& hidden, const Tensor& weight) {
  const at::NoGradGuard no_gradient;
  check_head(hidden, weight);
  if (!hidden.is_cpu()) return device::linear(hidden, weight, {});
  return multiply_weight(hidden.contiguous(), weight.contiguous(), {});
}

float log_softmax_at(const float* row, std::int64_t size, std::int64_t target) {
  float maximum, log_sum;
  kernels<float>().log_sum(row, size, &maximum, &log_sum);
  return row[target] - maximum - log_sum;
}

}  // namespace arf::ops
