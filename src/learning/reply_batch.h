// The replies of a unit's rollouts, packed so that each token runs through the model once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/token_batch.h"
#include "records/rollout.h"

namespace arf {

// Scored tokens [begin, end) of the batch are the reply of turn `turn` of rollout `rollout`.
struct ReplySpan {
  std::size_t rollout = 0, turn = 0;  // indices into the rollouts and their turns
  std::int64_t begin = 0, end = 0;    // in TokenBatch::targets
  std::int64_t size() const { return end - begin; }
};

struct ReplyBatch {
  TokenBatch batch;
  std::vector<ReplySpan> replies;  // in the order of rollouts and turns
};

enum class WhichReply { kSampled, kStored };

// A dialogue becomes one sequence where each turn's context continues the context and reply before
// it, else as many as needed. Turns without a reply of that kind are left out.
ReplyBatch pack_replies(std::span<const ScoredRollout> rollouts, WhichReply which);

// [S] the log-probs that the generator recorded when it sampled the packed replies (kSampled).
Tensor recorded_logprobs(const std::vector<ScoredRollout>& rollouts, const ReplyBatch& packed,
                         at::ScalarType type);

// The span's part of a tensor [S].
Tensor of_reply(const Tensor& values_S, const ReplySpan& reply);

}  // namespace arf
