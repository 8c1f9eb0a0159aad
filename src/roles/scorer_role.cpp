#include "roles/scorer_role.h"

#include "core/unit_scope.h"

namespace arf {

ScorerRole::ScorerRole(const TrainSettings& settings, Conversation* conversation,
                       SpanRecorder* spans, int num_threads)
    : num_units_(num_units(settings)),
      conversation_(conversation),
      spans_(spans),
      num_threads_(num_threads),
      scorer_(Scorer::load(settings.scorer)) {}

void ScorerRole::run(std::int64_t iteration, const ScorerVersion& version) {
  const PhaseScope phase(Phase::kScore);
  const auto units = conversation_->units_to_score(num_units_);
  std::vector<ScoredUnit> scored(units.size());
  std::vector<ScorerInput> inputs;
  {
    const auto span = spans_->scope("wait");
    for (std::size_t i = 0; i < units.size(); ++i) {
      std::vector<Rollout> rollouts = conversation_->receive_rollouts(iteration, units[i]);
      const UnitScope unit(units[i]);
      for (Rollout& rollout : rollouts) {
        scored[i].rollouts.push_back({std::move(rollout), {}});
        for (const SampledTurn& turn : scored[i].rollouts.back().rollout.turns) {
          inputs.push_back({turn.prompt, turn.text});  // which stay where they are
        }
      }
    }
  }
  note_no_unit();  // all are scored together: none is to blame for what happens then
  const auto span = spans_->scope("score");
  const std::vector<Satisfaction> scores =
      any_scores(scorer_, frame_all(scorer_, inputs, num_threads_), num_threads_);
  auto next = scores.begin();
  for (std::size_t i = 0; i < units.size(); ++i) {
    scored[i].scorer = version;
    for (ScoredRollout& rollout : scored[i].rollouts) {
      for (std::size_t t = 0; t < rollout.rollout.turns.size(); ++t) {
        rollout.rewards.push_back((next++)->reward());  // its learner refuses what is not finite
      }
    }
    conversation_->send_scored(iteration, units[i], scored[i]);
  }
}

}  // namespace arf
