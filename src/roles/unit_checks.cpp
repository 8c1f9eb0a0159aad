#include "roles/unit_checks.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "core/error.h"
#include "core/finite.h"
#include "core/unit_scope.h"
#include "generation/rollout_logprobs.h"
#include "learning/reply_batch.h"
#include "roles/unit_dump.h"

namespace arf {
namespace {

struct ReplyName {
  std::string dialogue_id;
  std::uint32_t turn;
};

// The first reply of the unit whose reward is not finite.
std::optional<ReplyName> broken_reward(const LearningUnit& unit) {
  for (const ScoredRollout& scored : unit.rollouts) {
    for (std::size_t t = 0; t < scored.rewards.size(); ++t) {
      if (std::isfinite(scored.rewards[t])) continue;
      return ReplyName{scored.rollout.dialogue_id, scored.rollout.turns.at(t).turn};
    }
  }
  return std::nullopt;
}

// Keeps the unit, and says how to look at it.
std::string dumped(const std::filesystem::path& run, std::int64_t iteration,
                   const LearningUnit& unit, const Policy& policy) {
  try {
    return fmt::format("`arf inspect {}` shows where",
                       write_unit_dump(run, iteration, unit, policy).string());
  } catch (const Error& error) {  // why the run ends is more than that
    return fmt::format("it could not be kept ({})", error.what());
  }
}

std::vector<float> computed_logprobs(const Policy& policy, const ScoredRollout& scored,
                                     TraceContext context) {
  if (context == TraceContext::kStored) {
    return rollout_logprobs(policy.decoder(), policy.adapter(), scored.rollout);
  }
  const ReplyBatch packed = pack_replies({&scored, 1}, WhichReply::kSampled);
  if (packed.replies.empty()) return {};
  const Tensor found = policy.decoder().token_logprobs(packed.batch, policy.adapter()).contiguous();
  return {found.data_ptr<float>(), found.data_ptr<float>() + found.numel()};
}

void check_rollout(const Policy& policy, const ScoredRollout& scored, TraceContext context) {
  const std::vector<float> ours = computed_logprobs(policy, scored, context);
  const float* mine = ours.data();
  for (const SampledTurn& turn : scored.rollout.turns) {
    for (std::size_t t = 0; t < turn.logprobs.size(); ++t, ++mine) {
      if (std::memcmp(mine, &turn.logprobs[t], sizeof(float)) == 0) continue;
      lost_error(
          "dialogue {}, turn {}, reply token {}: the generator recorded log-prob {} and the "
          "learner "
          "computes {}: the ranks compute differently (kinds of processor, builds); use one kind",
          scored.rollout.dialogue_id, turn.turn, t, turn.logprobs[t], *mine);
    }
  }
}

}  // namespace

bool has_finite_rewards(const LearningUnit& unit) { return !broken_reward(unit); }

void refuse_broken_unit(const Communicator& learners, const std::filesystem::path& run,
                        std::int64_t iteration, const std::vector<LearningUnit>& units,
                        const std::vector<std::vector<float>>& gradients, const Policy& policy) {
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  double lowest[] = {kNone};  // negative, as a maximum over the learners
  const LearningUnit* mine = nullptr;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const double index = -static_cast<double>(units[i].index);
    if (index <= lowest[0] || is_finite(gradients[i])) continue;
    lowest[0] = index;
    mine = &units[i];
  }
  learners.max(lowest);
  if (lowest[0] == kNone) return;
  const bool has_it = mine && -static_cast<double>(mine->index) == lowest[0];
  learners.agree_or_throw([&] {
    if (!has_it) return;
    const std::string look = dumped(run, iteration, *mine, policy);
    if (const auto reply = broken_reward(*mine)) {
      input_error(
          "iteration {}, unit {}, dialogue {}: the reward of turn {} is not finite: the scorer's "
          "weights are broken; {}, `arf score` scores such a reply",
          iteration, mine->index, reply->dialogue_id, reply->turn, look);
    }
    input_error(
        "iteration {}: the loss or the gradient of unit {} is not finite (in the first iteration "
        "the base model's weights are broken, later training has diverged: lower the learning "
        "rate, or look at the dialogues); {}",
        iteration, mine->index, look);
  });
}

void check_same_logprobs(const Policy& policy, const std::vector<LearningUnit>& units,
                         TraceContext context) {
  const at::NoGradGuard no_grad;
  for (const LearningUnit& unit : units) {
    const UnitScope scope(unit.index);
    for (const ScoredRollout& scored : unit.rollouts) check_rollout(policy, scored, context);
  }
}

}  // namespace arf
