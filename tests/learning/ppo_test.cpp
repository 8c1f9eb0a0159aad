#include "learning/ppo.h"

#include "learning/kl.h"
#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

void stir_logprobs(LearningUnit* unit, std::uint64_t key) {
  std::uint32_t next = 0;
  const RandomStream stream(12, Purpose::kTest, key);
  for (ScoredRollout& scored : unit->rollouts) {
    for (SampledTurn& turn : scored.rollout.turns) {
      for (float& logprob : turn.logprobs) logprob += float(stream.uniform(next++) - 0.5);
    }
  }
}

Tensor recorded(const LearningUnit& unit) {
  return recorded_logprobs(unit.rollouts, pack_replies(unit.rollouts, WhichReply::kSampled),
                           at::kDouble);
}

// As in a second pass: some ratios to the proximal policy leave [1 - eps, 1 + eps] on either side.
// stale: an older policy yet had sampled.
void age(LearningUnit* unit, bool stale = false) {
  stir_logprobs(unit, 0);
  unit->proximal_logprobs = recorded(*unit);
  if (stale) stir_logprobs(unit, 1);
}

MethodSettings all_terms() {
  MethodSettings settings = settings_of("ppo");
  settings.value_coefficient = 0.3;
  settings.entropy_coefficient = 0.2;
  settings.kl_coefficient = 0.4;
  return settings;
}

// What one reply's tokens are to the loss, as numbers.
struct ReplyNumbers {
  std::vector<double> logprobs, reference, entropies, values;
};

ReplyNumbers numbers_of(const Policy& policy, const SampledTurn& turn) {
  const at::NoGradGuard no_gradient;
  const Tokens tokens = joined(turn.context, turn.response);
  ReplyNumbers numbers;
  numbers.logprobs = reply_logprobs(policy, turn.context, turn.response);
  numbers.reference = reply_logprobs(policy, turn.context, turn.response, /*reference=*/true);
  const Tensor hidden = policy.decoder().forward(
      tokens, ops::Segments{{0, std::int32_t(tokens.size())}}, policy.adapter());
  for (std::size_t t = 0; t < turn.response.size(); ++t) {
    const Tensor state = hidden[std::int64_t(turn.context.size() + t) - 1];
    const Tensor p = policy.decoder().head().weight.mv(state).softmax(0);
    numbers.entropies.push_back(-(p * p.log()).sum().item<double>());
    double value = 0;
    for (const auto& parameter : policy.parameters()) {
      if (parameter.name == "value_head.bias") value += parameter.tensor.item<double>();
      if (parameter.name == "value_head.weight")
        value += parameter.tensor[0].dot(state).item<double>();
    }
    numbers.values.push_back(value);
  }
  return numbers;
}

// Paper eq. 6 with appendix B's terms, token by token, in plain numbers; counts clipped ratios.
double loss_by_hand(const Policy& policy, const LearningUnit& unit, const MethodSettings& s,
                    int* clipped) {
  double loss = 0;
  std::int64_t token = 0;
  for (const ScoredRollout& scored : unit.rollouts) {
    for (std::size_t i = 0; i < scored.rewards.size(); ++i) {
      const SampledTurn& turn = scored.rollout.turns[i];
      const ReplyNumbers n = numbers_of(policy, turn);
      const std::size_t size = turn.response.size();
      for (std::size_t t = 0; t < size; ++t) {
        double advantage = 0, weight = 1;  // sum over l of (gamma lambda)^l delta_(t + l)
        for (std::size_t l = t; l < size; ++l) {
          const double next = l + 1 < size ? n.values[l + 1] : 0;
          const double reward = l + 1 == size ? scored.rewards[i] : 0;
          advantage += weight * (reward + s.gamma * next - n.values[l]);
          weight *= s.gamma * s.gae_lambda;
        }
        const double proximal = unit.proximal_logprobs[token++].item<double>();
        const double ratio = std::exp(n.logprobs[t] - proximal);
        const double stale = std::exp(proximal - double(turn.logprobs[t]));
        const double inside = std::min(std::max(ratio, 1 - s.clip), 1 + s.clip);
        *clipped += inside != ratio;
        const double d = n.reference[t] - n.logprobs[t];
        loss += -stale * std::min(ratio * advantage, inside * advantage) +
                s.value_coefficient * advantage * advantage -  // V - (A + V) is -A
                s.entropy_coefficient * n.entropies[t] + s.kl_coefficient * (std::exp(d) - 1 - d);
      }
    }
  }
  return loss;
}

// The loss as a function of the parameters, with advantages and returns held where they are now.
std::function<Tensor()> loss_with_fixed_targets(const Policy& policy, const LearningUnit& unit,
                                                const MethodSettings& settings) {
  const ReplyBatch packed = pack_replies(unit.rollouts, WhichReply::kSampled);
  const PpoTargets targets = ppo_targets(unit, packed, policy.forward(packed.batch), settings);
  return [&policy, packed, targets, settings] {
    const Policy::Output output = policy.forward(packed.batch, /*with_entropy=*/true);
    const Tensor kl = kl_estimate(output.logprobs, policy.reference_logprobs(packed.batch));
    return ppo_token_losses(output, targets, kl, settings).sum();
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ppo_test)

BOOST_AUTO_TEST_CASE(TheLossIsEquation6WithItsTerms) {
  const Policy policy = small_policy(true), wide = small_policy(true, at::kDouble);
  for (const bool stale : {false, true}) {
    LearningUnit unit = sampled_unit(policy);
    age(&unit, stale);
    int clipped = 0;
    const double expected = loss_by_hand(wide, unit, all_terms(), &clipped);
    const UnitLoss found = make_method(all_terms())->loss(wide, unit);
    BOOST_TEST(std::abs(found.loss.item<double>() - expected) < 1e-11);
    BOOST_TEST(found.metrics.clipped == clipped);
    BOOST_TEST(clipped > 0);
    BOOST_TEST(clipped < found.metrics.tokens);
    BOOST_TEST(found.metrics.samples == found.metrics.tokens);
  }
}

// A first pass holds on to the policy as it is; in it an older policy's replies are weighed.
BOOST_AUTO_TEST_CASE(TheFirstPassMakesTheProximalPolicy) {
  const Policy policy = small_policy(true), wide = small_policy(true, at::kDouble);
  LearningUnit unit = sampled_unit(policy);
  stir_logprobs(&unit, 1);
  const UnitLoss first = make_method(all_terms())->loss(wide, unit);
  BOOST_TEST(first.metrics.ratio_min == 1.0);
  BOOST_TEST(first.metrics.ratio_max == 1.0);
  unit.proximal_logprobs = first.logprobs;
  int clipped = 0;
  BOOST_TEST(std::abs(first.loss.item<double>() - loss_by_hand(wide, unit, all_terms(), &clipped)) <
             1e-11);
  BOOST_TEST(make_method(all_terms())->loss(wide, unit).loss.item<double>() ==
             first.loss.item<double>());
}

BOOST_AUTO_TEST_CASE(TheGradientAgreesWithFiniteDifferences) {
  const Policy policy = small_policy(true), wide = small_policy(true, at::kDouble);
  for (const bool aged : {false, true}) {  // clip at rest, clip at work
    LearningUnit unit = sampled_unit(policy);
    if (aged) age(&unit);
    const UnitLoss found = make_method(all_terms())->loss(wide, unit);
    BOOST_TEST((found.metrics.clipped > 0) == aged);
    check_gradient(wide, loss_with_fixed_targets(wide, unit, all_terms()),
                   wide.gradient(found.loss));
  }
}

BOOST_AUTO_TEST_CASE(EachTermHasItsGradient) {
  const Policy policy = small_policy(true), wide = small_policy(true, at::kDouble);
  LearningUnit unit = sampled_unit(policy);
  age(&unit);
  for (int term = 0; term < 3; ++term) {
    MethodSettings settings = settings_of("ppo");
    settings.value_coefficient = term == 0 ? 1 : 0;
    settings.entropy_coefficient = term == 1 ? 1 : 0;
    settings.kl_coefficient = term == 2 ? 1 : 0;
    const UnitLoss found = make_method(settings)->loss(wide, unit);
    check_gradient(wide, loss_with_fixed_targets(wide, unit, settings), wide.gradient(found.loss));
  }
}

// The log-probs were recorded while decoding through the cache: not one bit may differ.
BOOST_AUTO_TEST_CASE(OnPolicyEveryRatioIsExactlyOne) {
  const Policy policy = small_policy(true);
  for (std::uint32_t index = 0; index < 8; ++index) {
    const LearningUnit unit = sampled_unit(policy, index);
    const UnitMetrics metrics = make_method(settings_of("ppo"))->loss(policy, unit).metrics;
    BOOST_TEST(metrics.tokens > 10);
    BOOST_TEST(metrics.ratio_min == 1.0);
    BOOST_TEST(metrics.ratio_max == 1.0);
    BOOST_TEST(metrics.clipped == 0);
    const ReplyBatch packed = pack_replies(unit.rollouts, WhichReply::kSampled);
    const Tensor logprobs = policy.forward(packed.batch, /*with_entropy=*/true).logprobs;
    const Tensor sampled = recorded_logprobs(unit.rollouts, packed, at::kFloat);
    BOOST_TEST((logprobs - sampled).exp().eq(1.0f).all().item<bool>());
  }
}

BOOST_AUTO_TEST_CASE(AStepFollowsTheReward) {
  for (const float reward : {1.0f, -1.0f}) {
    Policy policy = small_policy(true);
    MethodSettings settings = settings_of("ppo");
    settings.entropy_coefficient = settings.value_coefficient = 0;
    settings.gae_lambda = settings.gamma = 1;
    LearningUnit unit;
    unit.rollouts.push_back(sampled_rollout(policy, 1, 1));
    unit.rollouts[0].rewards = {reward};
    std::vector<float> values = policy.flat();  // no baseline: the advantage is the reward
    for (const auto& parameter : policy.parameters()) {
      if (parameter.name.find("value_head") == std::string::npos) continue;
      std::fill_n(values.begin() + parameter.offset, parameter.tensor.numel(), 0.0f);
    }
    policy.set_flat(values);
    const SampledTurn& turn = unit.rollouts[0].rollout.turns[0];
    const double before = sum_of(reply_logprobs(policy, turn.context, turn.response));
    descend(&policy, make_method(settings)->loss(policy, unit).loss, 1e-2);
    const double after = sum_of(reply_logprobs(policy, turn.context, turn.response));
    BOOST_TEST((after > before) == (reward > 0));
  }
}

BOOST_AUTO_TEST_CASE(ATokenBeyondTheClipHasNoSlope) {
  const Tensor logprobs = at::tensor({0.0, 0.5, -0.5, 0.5, -0.5}).requires_grad_(true);
  const Tensor zero = at::zeros({5}, at::kDouble);
  PpoTargets targets{zero, zero, at::tensor({1.0, 1.0, 1.0, -1.0, -1.0}), zero};
  MethodSettings settings = settings_of("ppo");
  settings.value_coefficient = settings.entropy_coefficient = 0;
  const Tensor losses = ppo_token_losses({logprobs, zero, zero}, targets, {}, settings);
  const double up = std::exp(0.5), down = std::exp(-0.5);
  const Tensor expected = at::tensor({-1.0, -1.2, -down, up, 0.8});
  BOOST_TEST(largest_difference(losses, expected) < 1e-15);
  const Tensor slope = torch::autograd::grad({losses.sum()}, {logprobs})[0];
  BOOST_TEST(largest_difference(slope, at::tensor({-1.0, 0.0, -down, up, 0.0})) < 1e-15);
}

BOOST_AUTO_TEST_CASE(WithoutAHeadItIsADefectAndWithoutRepliesNothing) {
  const auto method = make_method(settings_of("ppo"));
  BOOST_TEST(method->needs_value_head());
  error_of(ExitCode::kDefect, [&] { method->loss(small_policy(false), LearningUnit{}); });
  const Policy policy = small_policy(true);
  const UnitLoss found = method->loss(policy, LearningUnit{});
  for (const float value : policy.gradient(found.loss)) BOOST_REQUIRE(value == 0);
}

BOOST_AUTO_TEST_CASE(LogProbsThatDoNotFitTheirTokensAreADefect) {
  const Policy policy = small_policy(true);
  LearningUnit unit = sampled_unit(policy);
  unit.rollouts[1].rollout.turns[1].logprobs.pop_back();
  const auto method = make_method(settings_of("ppo"));
  check_says(error_of(ExitCode::kDefect, [&] { method->loss(policy, unit); }), "dialogue 2");
}

BOOST_AUTO_TEST_SUITE_END()
