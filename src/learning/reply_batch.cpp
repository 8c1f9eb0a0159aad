#include "learning/reply_batch.h"

#include <algorithm>
#include <utility>

namespace arf {
namespace {

struct Sequence {
  std::vector<std::int32_t> tokens;
  std::vector<std::pair<std::size_t, std::size_t>> scored;
};

// Whether `context` begins with all tokens of the sequence: a reply that was cut, or another
// context policy of the generator, shows here and nowhere else.
bool continues(const std::vector<std::int32_t>& context, const Sequence& sequence) {
  return context.size() >= sequence.tokens.size() &&
         std::equal(sequence.tokens.begin(), sequence.tokens.end(), context.begin());
}

void flush(Sequence* sequence, TokenBatch* batch) {
  if (!sequence->tokens.empty()) batch->append(sequence->tokens, sequence->scored);
  *sequence = {};
}

}  // namespace

ReplyBatch pack_replies(std::span<const ScoredRollout> rollouts, WhichReply which) {
  ReplyBatch packed;
  std::int64_t scored = 0;
  for (std::size_t r = 0; r < rollouts.size(); ++r) {
    const std::vector<SampledTurn>& turns = rollouts[r].rollout.turns;
    ARF_CHECK(rollouts[r].rewards.size() == turns.size(), "dialogue {}: {} rewards for {} turns",
              rollouts[r].rollout.dialogue_id, rollouts[r].rewards.size(), turns.size());
    Sequence sequence;
    for (std::size_t t = 0; t < turns.size(); ++t) {
      const auto& reply = which == WhichReply::kSampled ? turns[t].response : turns[t].stored;
      if (reply.empty()) continue;
      if (!continues(turns[t].context, sequence)) flush(&sequence, &packed.batch);
      sequence.tokens = turns[t].context;
      const std::size_t begin = sequence.tokens.size();
      sequence.tokens.insert(sequence.tokens.end(), reply.begin(), reply.end());
      sequence.scored.emplace_back(begin, sequence.tokens.size());
      const auto size = static_cast<std::int64_t>(reply.size());
      packed.replies.push_back({r, t, scored, scored + size});
      scored += size;
    }
    flush(&sequence, &packed.batch);
  }
  return packed;
}

Tensor recorded_logprobs(const std::vector<ScoredRollout>& rollouts, const ReplyBatch& packed,
                         at::ScalarType type) {
  std::vector<double> values;
  for (const ReplySpan& reply : packed.replies) {
    const Rollout& rollout = rollouts[reply.rollout].rollout;
    const SampledTurn& turn = rollout.turns[reply.turn];
    ARF_CHECK(turn.logprobs.size() == turn.response.size(), "dialogue {}: {} log-probs, {} tokens",
              rollout.dialogue_id, turn.logprobs.size(), turn.response.size());
    values.insert(values.end(), turn.logprobs.begin(), turn.logprobs.end());
  }
  return at::tensor(values, at::kDouble).to(type);
}

Tensor of_reply(const Tensor& values_S, const ReplySpan& reply) {
  return values_S.narrow(0, reply.begin, reply.size());
}

}  // namespace arf
