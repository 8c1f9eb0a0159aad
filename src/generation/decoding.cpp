#include "generation/decoding.h"

#include "core/error.h"
#include "model/ops/ops.h"

namespace arf {
namespace {

// The rows of the next forward pass: tokens with their slots, and each reply's last row.
struct Step {
  std::vector<std::int32_t> tokens, slots;
  std::vector<std::int64_t> last_rows;

  void add(std::int32_t token, std::int32_t slot) {
    tokens.push_back(token);
    slots.push_back(slot);
  }
  void end_reply() { last_rows.push_back(static_cast<std::int64_t>(tokens.size()) - 1); }
};

Step prefill_step(const std::vector<ReplyInProgress>& replies, const KvCache& cache) {
  Step step;
  for (const ReplyInProgress& reply : replies) {
    const auto held =
        static_cast<std::size_t>(cache.lengths.at(static_cast<std::size_t>(reply.slot)));
    ARF_CHECK(held < reply.context->size(), "{} of {} tokens in the cache", held,
              reply.context->size());
    for (std::size_t i = held; i < reply.context->size(); ++i)
      step.add((*reply.context)[i], reply.slot);
    step.end_reply();
  }
  return step;
}

// [replies, V]
Tensor next_logits(const Decoding& decoding, const Step& step, KvCache* cache) {
  Tensor hidden = decoding.decoder.forward_cached(step.tokens, step.slots, decoding.adapter, cache);
  if (step.last_rows.size() != step.tokens.size()) {
    const Tensor rows = at::empty({static_cast<std::int64_t>(step.last_rows.size())}, at::kLong);
    std::copy(step.last_rows.begin(), step.last_rows.end(), rows.data_ptr<std::int64_t>());
    hidden = hidden.index_select(0, rows);
  }
  const Tensor logits = ops::logits(hidden, decoding.decoder.head()).contiguous();
  ARF_CHECK(logits.scalar_type() == at::kFloat, "sampling works in float32");
  return logits;
}

}  // namespace

bool Decoding::extend(ReplyInProgress* reply, const Tensor& logits, std::int64_t row,
                      Sampler* sampler) const {
  const std::int64_t size = logits.size(1);
  const float* values = logits.data_ptr<float>() + row * size;
  const auto index = static_cast<std::uint32_t>(reply->response.size());
  std::vector<std::int32_t> before;
  if (sampler->looks_back()) {
    before = *reply->context;
    before.insert(before.end(), reply->response.begin(), reply->response.end());
  }
  const Sampler::Drawn drawn =
      sampler->pick({values, static_cast<std::size_t>(size)}, reply->stream.uniform(index), before);
  reply->response.push_back(drawn.token);
  reply->logprobs.push_back(ops::log_softmax_at(values, size, drawn.token));
  reply->drawn_logprobs.push_back(static_cast<float>(drawn.logprob));
  return goes_on(reply->response) &&
         static_cast<std::int64_t>(reply->response.size()) < reply->max_tokens;
}

void Decoding::run(std::vector<ReplyInProgress>* replies, Sampler* sampler, KvCache* cache) const {
  if (replies->empty()) return;
  const at::NoGradGuard no_grad;
  std::vector<ReplyInProgress*> live;
  for (ReplyInProgress& reply : *replies) live.push_back(&reply);
  Step step = prefill_step(*replies, *cache);
  while (!live.empty()) {
    const Tensor logits = next_logits(*this, step, cache);
    std::vector<ReplyInProgress*> going;
    step = {};
    for (std::size_t i = 0; i < live.size(); ++i) {
      if (!extend(live[i], logits, static_cast<std::int64_t>(i), sampler)) continue;
      step.add(live[i]->response.back(), live[i]->slot);
      step.end_reply();
      going.push_back(live[i]);
    }
    live = std::move(going);
  }
}

}  // namespace arf
