// Log-probabilities of tokens under the softmax of a head, kLogitChunk tokens at a time.
#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"
#include "model/ops/packed.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Logits [n, V] of rows of hidden states.
Tensor logits_of(const Tensor& hidden, const Head& head) {
  const Tensor logits = multiply_weight(hidden, head.weight, {});
  if (head.soft_cap > 0) {
    dispatch(logits, [&]<typename T>(T) {
      kernels<T>().soft_cap(mutable_data<T>(logits), logits.numel(), T(head.soft_cap));
    });
  }
  return logits;
}

// The slope by what stands under the soft cap, from the slope by the logits; `capped` is undefined
// where there is none.
void pass_soft_cap(const Head& head, const Tensor& capped, const Tensor& slopes) {
  if (!capped.defined()) return;
  dispatch(slopes, [&]<typename T>(T) {
    kernels<T>().soft_cap_gradient(data<T>(capped), slopes.numel(), T(head.soft_cap),
                                   mutable_data<T>(slopes));
  });
}

// A copy of logits that are about to become slopes, where the soft cap will need them.
Tensor kept(const Head& head, const Tensor& logits) {
  return head.soft_cap > 0 ? logits.clone() : Tensor();
}

// Calls body(first, logits [n, V]) for each chunk of tokens, one chunk's logits at a time.
template <typename Body>
void for_chunks(const Tensor& hidden, const Head& head, Body body) {
  for (std::int64_t first = 0; first < hidden.size(0); first += kLogitChunk) {
    const std::int64_t count = std::min(kLogitChunk, hidden.size(0) - first);
    body(first, logits_of(hidden.narrow(0, first, count), head));
  }
}

// Scores each token; where `direction` [S, H] is defined it becomes d logprob / d hidden; without a
// soft cap W[target] - sum over v of p_v W_v. It is made now, while the logits are at hand
// (measured faster than to recompute them).
void score_tokens(const Tensor& hidden, const Head& head, const Tensor& targets,
                  const Tensor& logprobs, const Tensor& entropy, const Tensor& direction) {
  const std::int64_t size = head.weight.size(0);
  dispatch(hidden, [&]<typename T>(T) {
    const Kernels<T>& k = kernels<T>();
    const std::int32_t* target = data<std::int32_t>(targets);
    for_chunks(hidden, head, [&](std::int64_t first, const Tensor& logits) {
      const Tensor capped = direction.defined() ? kept(head, logits) : Tensor();
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
        pass_soft_cap(head, capped, logits);
        direction.narrow(0, first, logits.size(0)).copy_(multiply_back(logits, head.weight));
      }
    });
  });
}

class TokenLogprobs : public torch::autograd::Function<TokenLogprobs> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& hidden, const Tensor& weight,
                               const Tensor& targets, double soft_cap, bool with_entropy) {
    const Tensor logprobs = at::empty({hidden.size(0)}, hidden.options());
    const Tensor entropy = with_entropy ? at::empty_like(logprobs) : Tensor();
    const bool recompute = with_entropy || context->needs_input_grad(1);
    const Tensor direction = recompute ? Tensor() : at::empty_like(hidden);
    score_tokens(hidden, {weight, soft_cap}, targets, logprobs, entropy, direction);
    if (recompute) {
      context->save_for_backward({hidden, weight, targets, entropy});
    } else {
      context->save_for_backward({direction});
    }
    context->saved_data["recompute"] = recompute;
    context->saved_data["soft_cap"] = soft_cap;
    return with_entropy ? variable_list{logprobs, entropy} : variable_list{logprobs};
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    if (!context->saved_data["recompute"].toBool()) {
      return {saved[0] * slopes[0].unsqueeze(1), Tensor(), Tensor(), Tensor(), Tensor()};
    }
    const Tensor &hidden = saved[0], &weight = saved[1];
    const Head head{weight, context->saved_data["soft_cap"].toDouble()};
    Tensor dhidden = context->needs_input_grad(0) ? at::empty_like(hidden) : Tensor();
    Tensor dweight = context->needs_input_grad(1) ? at::zeros_like(weight) : Tensor();
    const auto add = [&](std::int64_t first, const Tensor& dlogits) {
      const std::int64_t count = dlogits.size(0);
      if (dhidden.defined()) dhidden.narrow(0, first, count).copy_(multiply_back(dlogits, weight));
      if (dweight.defined()) dweight.addmm_(dlogits.t(), hidden.narrow(0, first, count));
    };
    recompute(saved, head, slopes, add);
    return {dhidden, dweight, Tensor(), Tensor(), Tensor()};
  }

 private:
  // Calls add(first, d logits [n, V]) for each chunk.
  template <typename Add>
  static void recompute(const variable_list& saved, const Head& head, const variable_list& slopes,
                        Add add) {
    const Tensor &hidden = saved[0], &targets = saved[2], &entropy = saved[3];
    const std::int64_t size = head.weight.size(0);
    const Tensor dlogprobs = slopes[0].defined() ? slopes[0].contiguous()
                                                 : at::zeros({hidden.size(0)}, hidden.options());
    const Tensor dentropy =
        slopes.size() > 1 && slopes[1].defined() ? slopes[1].contiguous() : Tensor();
    dispatch(hidden, [&]<typename T>(T) {
      for_chunks(hidden, head, [&](std::int64_t first, const Tensor& logits) {
        const Tensor capped = kept(head, logits);
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
        pass_soft_cap(head, capped, logits);
        add(first, logits);
      });
    });
  }
};

void check_head(const Tensor& hidden, const Tensor& weight) {
  ARF_CHECK(hidden.dim() == 2 && weight.dim() == 2 && hidden.size(1) == weight.size(1) &&
                fit_together(hidden, weight),
            "hidden {} against W {}", fmt::join(hidden.sizes(), "x"),
            fmt::join(weight.sizes(), "x"));
}

}  // namespace

Tensor token_logprobs(const Tensor& hidden, const Head& head, const Tensor& targets,
                      Tensor* entropy) {
  check_head(hidden, head.weight);
  ARF_CHECK(targets.numel() == hidden.size(0) && targets.scalar_type() == at::kInt,
            "{} targets of type {} for {} tokens", targets.numel(),
            c10::toString(targets.scalar_type()), hidden.size(0));
  if (!hidden.is_cpu()) return device::token_logprobs(hidden, head, targets, entropy);
  const Tensor h = hidden.contiguous(), w = head.weight.contiguous(), t = targets.contiguous();
  for (std::int64_t i = 0; i < t.numel(); ++i) {
    const std::int32_t target = data<std::int32_t>(t)[i];
    ARF_CHECK(target >= 0 && target < w.size(0), "token {} of {} in the vocabulary of {}", i,
              target, w.size(0));
  }
  if (needs_graph(h, w)) {
    const variable_list results = TokenLogprobs::apply(h, w, t, head.soft_cap, entropy != nullptr);
    if (entropy) *entropy = results[1];
    return results[0];
  }
  const Tensor logprobs = at::empty({h.size(0)}, h.options());
  if (entropy) *entropy = at::empty_like(logprobs);
  score_tokens(h, {w, head.soft_cap}, t, logprobs, entropy ? *entropy : Tensor(), {});
  return logprobs;
}

Tensor logits(const Tensor& hidden, const Head& head) {
  const at::NoGradGuard no_gradient;
  check_head(hidden, head.weight);
  if (!hidden.is_cpu()) return device::logits(hidden, head);
  return logits_of(hidden.contiguous(), {head.weight.contiguous(), head.soft_cap});
}

float log_softmax_at(const float* row, std::int64_t size, std::int64_t target) {
  float maximum, log_sum;
  kernels<float>().log_sum(row, size, &maximum, &log_sum);
  return row[target] - maximum - log_sum;
}

}  // namespace arf::ops
