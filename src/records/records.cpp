#include "core/hash.h"
#include "records/dialogue.h"
#include "records/rollout.h"

namespace arf {

double num_sampled_tokens(const std::vector<Rollout>& rollouts) {
  double tokens = 0;
  for (const Rollout& rollout : rollouts) {
    for (const SampledTurn& turn : rollout.turns)
      tokens += static_cast<double>(turn.response.size());
  }
  return tokens;
}

std::uint64_t digest_of(const Rollout& rollout) {
  std::string bytes;
  const auto add = [&bytes](const void* data, std::size_t size) {
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes.append(static_cast<const char*>(data), size);
  };
  const std::uint64_t place[] = {rollout.dialogue_row, rollout.sample};
  add(place, sizeof place);
  add(rollout.dialogue_id.data(), rollout.dialogue_id.size());
  for (const SampledTurn& turn : rollout.turns) {
    add(&turn.turn, sizeof turn.turn);
    add(turn.context.data(), turn.context.size() * sizeof(std::int32_t));
    add(turn.response.data(), turn.response.size() * sizeof(std::int32_t));
    add(turn.logprobs.data(), turn.logprobs.size() * sizeof(float));
    add(turn.drawn_logprobs.data(), turn.drawn_logprobs.size() * sizeof(float));
    add(turn.stored.data(), turn.stored.size() * sizeof(std::int32_t));
    add(turn.prompt.data(), turn.prompt.size());
    add(turn.text.data(), turn.text.size());
    if (turn.stored_score) add(&*turn.stored_score, sizeof(float));
  }
  return xxh3(bytes);
}

}  // namespace arf
