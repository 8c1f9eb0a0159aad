// attention over packed segments and attention against a cache: one row kernel under both.
#include <algorithm>

#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"
#include "model/ops/packed.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

AttentionShape shape_of(const Tensor& q, const Tensor& k, const AttentionRule& rule) {
  return {q.size(1), k.size(k.dim() - 2), q.size(2), rule.scale, rule.soft_cap};
}

// The positions that a row sees of its segment: `count` from `begin` on.
struct Seen {
  std::int64_t begin, count;
};
Seen seen(std::int64_t row, std::int64_t length, const AttentionRule& rule) {
  if (!rule.causal) return {0, length};
  const std::int64_t begin = rule.window > 0 ? std::max<std::int64_t>(0, row + 1 - rule.window) : 0;
  return {begin, row + 1 - begin};
}

std::int64_t longest(const std::vector<std::int64_t>& offsets) {
  std::int64_t most = 0;
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
    most = std::max(most, offsets[b + 1] - offsets[b]);
  }
  return most;
}

// log_sums [N, heads] may be undefined.
Tensor attend_segments(const Tensor& q, const Tensor& k, const Tensor& v,
                       const std::vector<std::int64_t>& offsets, const AttentionRule& rule,
                       const Tensor& log_sums) {
  Tensor out = at::empty_like(q);
  const AttentionShape shape = shape_of(q, k, rule);
  const std::int64_t step = shape.kv_heads * shape.size, width = shape.heads * shape.size;
  dispatch(q, [&]<typename T>(T) {
    T* scores = thread_scratch<T>(longest(offsets));
    for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
      const std::int64_t first = offsets[b], length = offsets[b + 1] - first;
      for (std::int64_t i = 0; i < length; ++i) {
        const std::int64_t row = first + i;
        const Seen s = seen(i, length, rule);
        const std::int64_t start = (first + s.begin) * step;
        kernels<T>().attend(
            data<T>(q) + row * width, data<T>(k) + start, data<T>(v) + start, step, s.count, shape,
            scores, mutable_data<T>(out) + row * width,
            log_sums.defined() ? mutable_data<T>(log_sums) + row * shape.heads : nullptr);
      }
    }
  });
  return out;
}

class Attention : public torch::autograd::Function<Attention> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& q, const Tensor& k, const Tensor& v,
                        const std::vector<std::int64_t>& offsets, const AttentionRule& rule) {
    const Tensor log_sums = at::empty({q.size(0), q.size(1)}, q.options());
    const Tensor out = attend_segments(q, k, v, offsets, rule, log_sums);
    context->save_for_backward({q, k, v, out, log_sums});
    context->saved_data["offsets"] = offsets;
    context->saved_data["scale"] = rule.scale;
    context->saved_data["causal"] = rule.causal;
    context->saved_data["window"] = rule.window;
    context->saved_data["soft_cap"] = rule.soft_cap;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[3];
    const Tensor dout = slopes[0].contiguous();
    const std::vector<std::int64_t> offsets = context->saved_data["offsets"].toIntVector();
    const AttentionRule rule = saved_rule(*context);
    Tensor dq = at::empty_like(q), dk = at::zeros_like(k), dv = at::zeros_like(v);
    const AttentionShape shape = shape_of(q, k, rule);
    const std::int64_t step = shape.kv_heads * shape.size, width = shape.heads * shape.size;
    dispatch(q, [&]<typename T>(T) {
      T* scores = thread_scratch<T>(2 * longest(offsets));
      for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
        const std::int64_t first = offsets[b], length = offsets[b + 1] - first;
        for (std::int64_t row = first; row < offsets[b + 1]; ++row) {
          const Seen s = seen(row - first, length, rule);
          const std::int64_t start = (first + s.begin) * step;
          kernels<T>().attend_gradient(
              data<T>(q) + row * width, data<T>(k) + start, data<T>(v) + start, step, s.count,
              shape, data<T>(out) + row * width, data<T>(saved[4]) + row * shape.heads,
              data<T>(dout) + row * width, scores, mutable_data<T>(dq) + row * width,
              mutable_data<T>(dk) + start, mutable_data<T>(dv) + start);
        }
      }
    });
    return {dq, dk, dv, Tensor(), Tensor()};
  }

 private:
  static AttentionRule saved_rule(AutogradContext& context) {
    auto& saved = context.saved_data;
    return {saved["scale"].toDouble(), saved["causal"].toBool(), saved["window"].toInt(),
            saved["soft_cap"].toDouble()};
  }
};

void check_heads(const Tensor& q, const Tensor& k, const Tensor& v) {
  const std::int64_t kv_heads = k.size(k.dim() - 2);
  ARF_CHECK(q.dim() == 3 && k.sizes() == v.sizes() && k.size(-1) == q.size(2) && kv_heads > 0 &&
                q.size(1) % kv_heads == 0,
            "q {}, k {}, v {}", fmt::join(q.sizes(), "x"), fmt::join(k.sizes(), "x"),
            fmt::join(v.sizes(), "x"));
  ARF_CHECK(q.scalar_type() == k.scalar_type() && k.scalar_type() == v.scalar_type(),
            "q is {}, k {}, v {}", c10::toString(q.scalar_type()), c10::toString(k.scalar_type()),
            c10::toString(v.scalar_type()));
}

}  // namespace

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& segments,
                 const AttentionRule& rule) {
  ARF_CHECK(k.dim() == 3 && q.size(0) == k.size(0) && segments.rows() == q.size(0),
            "q of {} rows, k of {}, segments of {}", q.size(0), k.size(0), segments.rows());
  ARF_CHECK(segments.offsets.front() == 0 &&
                std::is_sorted(segments.offsets.begin(), segments.offsets.end()),
            "offsets {}", fmt::join(segments.offsets, " "));
  check_heads(q, k, v);
  if (!q.is_cpu()) return device::attention(q, k, v, segments, rule);
  const std::vector<std::int64_t> offsets(segments.offsets.begin(), segments.offsets.end());
  const Tensor qs = q.contiguous(), ks = k.contiguous(), vs = v.contiguous();
  if (!needs_graph(qs, ks, vs)) return attend_segments(qs, ks, vs, offsets, rule, {});
  return Attention::apply(qs, ks, vs, offsets, rule);
}

Tensor attention_cached(const Tensor& q, const Tensor& cache_k, const Tensor& cache_v,
                        const std::vector<std::int32_t>& slot,
                        const std::vector<std::int32_t>& position, const AttentionRule& rule) {
  const at::NoGradGuard no_gradient;
  ARF_CHECK(cache_k.dim() == 4 && cache_k.is_contiguous() && cache_v.is_contiguous(),
            "a cache is [slots, capacity, kv_heads, d]");
  ARF_CHECK(static_cast<std::int64_t>(slot.size()) == q.size(0) && slot.size() == position.size(),
            "{} rows, {} slots, {} positions", q.size(0), slot.size(), position.size());
  ARF_CHECK(rule.causal, "a cache holds what stands before a row, not what follows it");
  check_heads(q, cache_k, cache_v);
  for (std::size_t i = 0; i < slot.size(); ++i) {
    ARF_CHECK(slot[i] >= 0 && slot[i] < cache_k.size(0) && position[i] >= 0 &&
                  position[i] < cache_k.size(1),
              "row {}: slot {}, position {} outside the cache {}", i, slot[i], position[i],
              fmt::join(cache_k.sizes(), "x"));
  }
  if (!q.is_cpu()) return device::attention_cached(q, cache_k, cache_v, slot, position, rule);
  const Tensor qs = q.contiguous();
  Tensor out = at::empty_like(qs);
  const AttentionShape shape = shape_of(q, cache_k, rule);
  const std::int64_t step = shape.kv_heads * shape.size, width = shape.heads * shape.size;
  dispatch(q, [&]<typename T>(T) {
    T* scores = thread_scratch<T>(cache_k.size(1));
    for (std::size_t i = 0; i < slot.size(); ++i) {
      const Seen s = seen(position[i], 0, rule);
      const std::int64_t start = (slot[i] * cache_k.size(1) + s.begin) * step;
      kernels<T>().attend(data<T>(qs) + i * width, data<T>(cache_k) + start,
                          data<T>(cache_v) + start, step, s.count, shape, scores,
                          mutable_data<T>(out) + i * width, nullptr);
    }
  });
  return out;
}

}  // namespace arf::ops
