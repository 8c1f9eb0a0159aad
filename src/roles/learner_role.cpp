#include "roles/learner_role.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "core/activity.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/parallel.h"
#include "core/philox.h"
#include "exchange/wire.h"
#include "learning/reply_batch.h"
#include "model/one_thread.h"
#include "roles/checkpoint.h"
#include "roles/policy_settings.h"
#include "roles/unit_dump.h"

namespace arf {
namespace {

// Of tokens, log-probs and rewards; the policy's version is the same in all.
std::uint64_t hash_of_replies(const LearningUnit& unit) {
  if (unit.rollouts.empty()) return 0;
  std::vector<ScoredRollout> rollouts = unit.rollouts;
  for (ScoredRollout& scored : rollouts) scored.rollout.version = {};
  return xxh3(pack_scored_rollouts(rollouts));
}

bool is_finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

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
                              const std::vector<float>& sampling) {
  const PhaseScope phase(Phase::kLearn);
  std::vector<LearningUnit> units = receive_units(iteration, expected);
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
                                                     const PolicyVersion& expected) {
  const auto span = spans_->scope("wait");
  std::vector<LearningUnit> units;
  for (const std::uint32_t index : conversation_->units_to_learn(num_units(settings_))) {
    LearningUnit unit;
    unit.index = index;
    if (method_->needs_rollouts()) {
      unit.rollouts = conversation_->receive_scored(iteration, index);
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
    note_unit(units[i].index);
    const UnitLoss loss = method_->loss(policy_, units[i]);
    metrics[i] = loss.metrics;
    gradients[i] = policy_.gradient(loss.loss);
    units[i].proximal_logprobs = loss.logprobs;
    // The sum refuses gradients that are not finite; a loss or a reward that is not is no better.
    if (!std::isfinite(loss.metrics.loss) || broken_reward(units[i])) {
      gradients[i].assign(gradients[i].size(), std::numeric_limits<float>::quiet_NaN());
    }
  });
  refuse_broken_unit(iteration, units, gradients);
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

// The lowest unit whose gradient is not finite, of all learners, is kept for a user to look at, and
// ends the run.
void LearnerRole::refuse_broken_unit(std::int64_t iteration, const std::vector<LearningUnit>& units,
                                     const std::vector<std::vector<float>>& gradients) const {
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  double lowest[] = {kNone};  // negative, as a maximum over the learners
  const LearningUnit* mine = nullptr;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const double index = -static_cast<double>(units[i].index);
    if (index <= lowest[0] || is_finite(gradients[i])) continue;
    lowest[0] = index;
    mine = &units[i];
  }
  learners_.max(lowest);
  if (lowest[0] == kNone) return;
  const bool has_it = mine && -static_cast<double>(mine->index) == lowest[0];
  learners_.agree_or_throw([&] {
    if (!has_it) return;
    const std::string look = dumped(settings_.run.output, iteration, *mine, policy_);
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

// With staleness the replies are of a policy before the newest.
void LearnerRole::check_sampling(const std::vector<LearningUnit>& units,
                                 const PolicyVersion& expected,
                                 const std::vector<float>& sampling) {
  const bool is_newest = expected == version_;
  ARF_CHECK(is_newest || hash_of(sampling) == expected.hash, "policy {} is not at hand",
            expected.number);
  if (!is_newest) policy_.set_flat(sampling);
  check_same_logprobs(units);
  if (!is_newest) policy_.set_flat(parameters_);
}

// The third promise: what the generator recorded is what the learner would say of the same tokens,
// to the last bit, since both run the same kernels on the same weights.
void LearnerRole::check_same_logprobs(const std::vector<LearningUnit>& units) const {
  const at::NoGradGuard no_grad;
  for (const LearningUnit& unit : units) {
    const ReplyBatch packed = pack_replies(unit.rollouts, WhichReply::kSampled);
    if (packed.replies.empty()) continue;
    const Tensor ours =
        policy_.decoder().token_logprobs(packed.batch, policy_.adapter()).contiguous();
    for (const ReplySpan& reply : packed.replies) {
      const Rollout& rollout = unit.rollouts[reply.rollout].rollout;
      const std::vector<float>& theirs = rollout.turns[reply.turn].logprobs;
      const float* first = ours.data_ptr<float>() + reply.begin;
      for (std::size_t t = 0; t < theirs.size(); ++t) {
        if (std::memcmp(first + t, &theirs[t], sizeof(float)) == 0) continue;
        lost_error(
            "dialogue {}, reply token {}: the generator recorded log-prob {} and the learner "
            "computes {}: the ranks compute differently (kinds of processor, builds); use one kind",
            rollout.dialogue_id, t, theirs[t], first[t]);
      }
    }
  }
}

}  // namespace arf
