#include "roles/learner_role.h"

#include <cmath>
#include <limits>
#include <span>

#include "core/finite.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "core/philox.h"
#include "core/unit_scope.h"
#include "exchange/wire.h"
#include "model/one_thread.h"
#include "roles/checkpoint.h"
#include "roles/policy_settings.h"
#include "roles/unit_checks.h"

namespace arf {
namespace {

// Of tokens, log-probs and rewards; the policy's version is the same in all.
std::uint64_t hash_of_replies(const LearningUnit& unit) {
  if (unit.rollouts.empty()) return 0;
  std::vector<ScoredRollout> rollouts = unit.rollouts;
  for (ScoredRollout& scored : rollouts) scored.rollout.version = {};
  return xxh3(pack_scored_rollouts(rollouts));
}

}  // namespace

LearnerRole::LearnerRole(const TrainSettings& settings, const Decoder& decoder, TrainingData* data,
                         Conversation* conversation, const Communicator& learners,
                         SpanRecorder* spans, int num_threads)
    : settings_(settings),
      data_(data),
      conversation_(conversation),
      learners_(learners),
      spans_(spans),
      num_threads_(num_threads),
      method_(make_method(settings.method)),
      policy_(decoder, policy_settings(settings), settings.run.seed),
      adamw_(settings.adamw, static_cast<std::size_t>(policy_.num_parameters())),
      parameters_(policy_.flat()) {
  set_version(0);
}

void LearnerRole::set_version(std::uint64_t number) { version_ = {number, hash_of(parameters_)}; }

void LearnerRole::restore(std::uint64_t version, std::vector<float> parameters,
                          const AdamW& adamw) {
  parameters_ = std::move(parameters);
  adamw_ = adamw;
  policy_.set_flat(parameters_);
  set_version(version);
}

UpdateResult LearnerRole::run(std::int64_t iteration, const PolicyVersion& expected,
                              const std::vector<float>& sampling, std::uint64_t feedback) {
  const PhaseScope phase(Phase::kLearn);
  std::vector<LearningUnit> units = receive_units(iteration, expected, feedback);
  const auto span = spans_->scope("learn");
  if (method_->needs_rollouts() && iteration >= next_check_) {
    check_sampling(units, expected, sampling);
    next_check_ = settings_.check_every > 0 ? iteration + settings_.check_every
                                            : std::numeric_limits<std::int64_t>::max();
  }
  trail_.clear();
  for (const LearningUnit& unit : units) trail_[unit.index].replies = hash_of_replies(unit);
  UpdateResult result;
  result.learning_rate = learning_rate_at(settings_.learning_rate, iteration, settings_.iterations);
  const int epochs = settings_.method.name == "ppo" ? settings_.method.epochs : 1;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    UpdateResult pass = result;
    pass.metrics = update(&units, iteration, &pass);
    // Loss, reward and KL are those of the policy that sampled; the ratio is 1 then, and is worth
    // seeing in the last pass.
    if (epoch == 0) result = pass;
    result.metrics.ratio_min = pass.metrics.ratio_min;
    result.metrics.ratio_max = pass.metrics.ratio_max;
    result.metrics.clipped = pass.metrics.clipped;
  }
  set_version(version_.number + 1);
  return result;
}

std::map<std::string, std::uint64_t> LearnerRole::tensor_hashes() const {
  std::map<std::string, std::uint64_t> hashes;
  const std::span<const float> all(parameters_);
  for (const Policy::Parameter& parameter : policy_.parameters()) {
    hashes[parameter.name] = xxh3(all.subspan(static_cast<std::size_t>(parameter.offset),
                                              static_cast<std::size_t>(parameter.tensor.numel())));
  }
  return hashes;
}

void LearnerRole::leave_out_rollouts(std::int64_t iteration) {
  for (const std::uint32_t index : conversation_->units_to_learn(num_units(settings_))) {
    conversation_->receive_scored(iteration, index);
  }
}

std::vector<LearningUnit> LearnerRole::receive_units(std::int64_t iteration,
                                                     const PolicyVersion& expected,
                                                     std::uint64_t feedback) {
  const auto span = spans_->scope("wait");
  std::vector<LearningUnit> units;
  for (const std::uint32_t index : conversation_->units_to_learn(num_units(settings_))) {
    LearningUnit unit;
    unit.index = index;
    if (method_->needs_rollouts()) {
      ScoredUnit scored = conversation_->receive_scored(iteration, index);
      if (units.empty()) scorer_ = scored.scorer;
      ARF_CHECK(scored.scorer == scorer_ && scorer_.number == feedback,
                "iteration {}: unit {} has rewards of scorer {} ({:016x}), where that of {} "
                "messages of feedback was due, and the first unit has those of {} ({:016x})",
                iteration, index, scored.scorer.number, scored.scorer.hash, feedback,
                scorer_.number, scorer_.hash);
      unit.rollouts = std::move(scored.rollouts);
    } else {
      unit.stored = data_->stored_unit(iteration, index);
    }
    for (const ScoredRollout& scored : unit.rollouts) {
      const PolicyVersion& made_by = scored.rollout.version;
      ARF_CHECK(made_by == expected,
                "iteration {}: dialogue {} was sampled by policy {} ({:.12}), but policy {} "
                "({:.12}) was due",
                iteration, scored.rollout.dialogue_id, made_by.number, made_by.hash,
                expected.number, expected.hash);
      ARF_CHECK(scored.rollout.digest == digest_of(scored.rollout),
                "iteration {}: dialogue {} does not have the tokens that were sampled", iteration,
                scored.rollout.dialogue_id);
    }
    units.push_back(std::move(unit));
  }
  return units;
}

UnitMetrics LearnerRole::update(std::vector<LearningUnit>* of_iteration, std::int64_t iteration,
                                UpdateResult* result) {
  std::vector<LearningUnit>& units = *of_iteration;
  GradientSum sum(learners_, parameters_.size(), num_units(settings_));
  std::vector<std::vector<float>> gradients(units.size());
  std::vector<UnitMetrics> metrics(units.size());
  parallel_for(units.size(), num_threads_, [&](std::size_t i) {
    use_one_thread();
    const UnitScope unit(units[i].index);
    const UnitLoss loss = method_->loss(policy_, units[i]);
    metrics[i] = loss.metrics;
    gradients[i] = policy_.gradient(loss.loss);
    units[i].proximal_logprobs = loss.logprobs;
    // The sum refuses gradients that are not finite; a loss or a reward that is not is no better.
    if (!std::isfinite(loss.metrics.loss) || !has_finite_rewards(units[i])) {
      gradients[i].assign(gradients[i].size(), std::numeric_limits<float>::quiet_NaN());
    }
  });
  refuse_broken_unit(learners_, settings_.run.output, iteration, units, gradients, policy_);
  std::map<std::uint32_t, UnitMetrics> mine;
  for (std::size_t i = 0; i < units.size(); ++i) {
    mine.emplace(units[i].index, metrics[i]);
    std::uint64_t& hash = trail_[units[i].index].gradient;
    hash = mix64(hash) ^ xxh3(gradients[i]);
    sum.add(units[i].index, std::move(gradients[i]));
  }
  const auto span = spans_->scope("sync");
  const PhaseScope phase(Phase::kSync);
  const UnitMetrics total = total_metrics(gather_metrics(learners_, mine));
  const double divisor = total.samples > 0 ? total.samples : 1;
  std::vector<float> gradient = sum.reduce(divisor);
  result->rounding = sum.error_bound(divisor);
  result->norms = gradient_norms(policy_, gradient);
  clip_gradient(&gradient, settings_.clip);
  // An iteration whose every dialogue was left out moves nothing, not even the moments.
  if (total.samples > 0) {
    adamw_.update(parameters_, gradient, result->learning_rate);
    if (!is_finite(parameters_)) {
      error_is_shared = true;  // all learners make the same step
      input_error(
          "iteration {}: a step of learning rate {} leaves weights that are not finite: lower "
          "--train.learning_rate; the run's last checkpoint is of before",
          iteration, result->learning_rate);
    }
    policy_.set_flat(parameters_);
  }
  return total;
}

// With staleness the replies are of a policy before the newest.
void LearnerRole::check_sampling(const std::vector<LearningUnit>& units,
                                 const PolicyVersion& expected,
                                 const std::vector<float>& sampling) {
  const bool is_newest = expected == version_;
  ARF_CHECK(is_newest || hash_of(sampling) == expected.hash, "policy {} is not at hand",
            expected.number);
  if (!is_newest) policy_.set_flat(sampling);
  check_same_logprobs(policy_, units, trace_context(settings_.method));
  if (!is_newest) policy_.set_flat(parameters_);
}

}  // namespace arf
