#include "records/dialogue.h"
#include "records/rollout.h"

namespace arf {

double num_sampled_tokens(const std::vector<Rollout>& rollouts) {
  double tokens = 0;
  for (const Rollout& rollout : rollouts) {
    for (const SampledTurn& turn : rollout.turns) tokens += static_cast<double>(turn.response.size());
  }
  return tokens;
}

}  // namespace arf
