// Proximal policy optimisation (paper eq. 6; Schulman et al. 2017) on the tokens of sampled
// replies. A unit's loss is the sum over its tokens, to be divided by the iteration's tokens;
// advantages are not normalised, since a mean over other units would tie a unit to them.
#include "learning/ppo.h"

#include <algorithm>

#include "learning/gae.h"
#include "learning/kl.h"
#include "learning/methods.h"
#include "learning/unit_metrics.h"

namespace arf {
namespace {

Tensor constant(const std::vector<double>& values, const Tensor& like) {
  return at::tensor(values, at::kDouble).to(like.scalar_type());
}

std::vector<double> to_vector(const Tensor& values) {
  const Tensor doubles = values.detach().to(at::kDouble).contiguous();
  return {doubles.data_ptr<double>(), doubles.data_ptr<double>() + doubles.numel()};
}

}  // namespace

PpoTargets ppo_targets(const LearningUnit& unit, const ReplyBatch& packed,
                       const Policy::Output& present, const MethodSettings& settings) {
  const std::vector<ScoredRollout>& rollouts = unit.rollouts;
  const Tensor& values = present.values;
  const std::vector<double> value_of = to_vector(values);
  std::vector<double> advantages, returns;
  for (const ReplySpan& reply : packed.replies) {
    const ScoredRollout& scored = rollouts[reply.rollout];
    const SampledTurn& turn = scored.rollout.turns[reply.turn];
    std::vector<double> rewards(turn.response.size(), 0.0);
    rewards.back() = scored.rewards[reply.turn];
    const std::span<const double> its_values(value_of.data() + reply.begin, rewards.size());
    const Advantages episode =
        generalised_advantages(rewards, its_values, settings.gamma, settings.gae_lambda);
    advantages.insert(advantages.end(), episode.advantages.begin(), episode.advantages.end());
    returns.insert(returns.end(), episode.returns.begin(), episode.returns.end());
  }
  const Tensor proximal =
      unit.proximal_logprobs.defined() ? unit.proximal_logprobs : present.logprobs.detach();
  return {recorded_logprobs(rollouts, packed, values.scalar_type()), proximal,
          constant(advantages, values), constant(returns, values)};
}

Tensor ppo_token_losses(const Policy::Output& output, const PpoTargets& targets, const Tensor& kl,
                        const MethodSettings& settings) {
  const Tensor ratio = (output.logprobs - targets.proximal_logprobs).exp();
  const Tensor weight = (targets.proximal_logprobs - targets.sampled_logprobs).exp();
  const Tensor clipped = ratio.clamp(1 - settings.clip, 1 + settings.clip);
  const Tensor& advantages = targets.advantages;
  Tensor losses = -weight * at::minimum(ratio * advantages, clipped * advantages);  // eq. 6
  losses = losses + settings.value_coefficient * (output.values - targets.returns).square();
  losses = losses - settings.entropy_coefficient * output.entropy;
  return settings.kl_coefficient > 0 ? losses + settings.kl_coefficient * kl : losses;
}

namespace {

class Ppo : public Method {
 public:
  explicit Ppo(const MethodSettings& settings) : settings_(settings) {}
  const char* name() const override { return "ppo"; }
  bool needs_rollouts() const override { return true; }
  bool needs_pairs() const override { return false; }
  bool needs_value_head() const override { return true; }

  UnitLoss loss(const Policy& policy, const LearningUnit& unit) const override {
    ARF_CHECK(policy.has_value_head(), "ppo needs a policy with a value head");
    UnitLoss result;
    result.loss = at::zeros({});
    result.metrics = reward_metrics(unit);
    const ReplyBatch packed = pack_replies(unit.rollouts, WhichReply::kSampled);
    if (packed.replies.empty()) return result;
    const Policy::Output output = policy.forward(packed.batch, /*with_entropy=*/true);
    const PpoTargets targets = ppo_targets(unit, packed, output, settings_);
    result.logprobs = targets.proximal_logprobs;
    Tensor kl_S;
    if (policy.adapter() || settings_.kl_coefficient > 0) {
      kl_S = kl_estimate(output.logprobs, policy.reference_logprobs(packed.batch));
    }
    result.loss = ppo_token_losses(output, targets, kl_S, settings_).sum();
    result.metrics.loss = result.loss.item<double>();
    result.metrics.samples = result.metrics.tokens =
        static_cast<double>(packed.batch.targets.size());
    if (kl_S.defined()) result.metrics.kl = total(kl_S);
    add_metrics(output, targets, &result.metrics);
    return result;
  }

 private:
  void add_metrics(const Policy::Output& output, const PpoTargets& targets,
                   UnitMetrics* metrics) const {
    metrics->entropy = total(output.entropy);
    metrics->value_loss = total((output.values - targets.returns).square());
    const std::vector<double> ratios =
        to_vector((output.logprobs - targets.proximal_logprobs).exp());
    const auto [lowest, highest] = std::minmax_element(ratios.begin(), ratios.end());
    metrics->ratio_min = *lowest;
    metrics->ratio_max = *highest;
    for (const double ratio : ratios) {
      metrics->clipped += ratio < 1 - settings_.clip || ratio > 1 + settings_.clip ? 1 : 0;
    }
  }

  MethodSettings settings_;
};

}  // namespace

std::unique_ptr<Method> make_ppo(const MethodSettings& settings) {
  return std::make_unique<Ppo>(settings);
}

}  // namespace arf
