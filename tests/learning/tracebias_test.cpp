#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

const char* const kVariants[] = {"literal", "generated", "teacher_forced"};

MethodSettings tracebias(const std::string& variant, double gamma = 0.9, double kl = 0) {
  MethodSettings settings = settings_of("tracebias", variant);
  settings.reference = "base";
  settings.gamma = gamma;
  settings.kl_coefficient = kl;
  return settings;
}

const Tokens& reply_of(const SampledTurn& turn, const std::string& variant) {
  return variant == "teacher_forced" ? turn.stored : turn.response;
}

std::vector<double> recorded(const SampledTurn& turn) {
  return {turn.logprobs.begin(), turn.logprobs.end()};
}

// Algorithm 1 in plain numbers, with (label - real) turned round for `generated`.
double loss_by_hand(const Policy& policy, const LearningUnit& unit, const MethodSettings& s) {
  double loss = 0;
  for (const ScoredRollout& scored : unit.rollouts) {
    for (std::size_t t = 0; t < scored.rewards.size(); ++t) {
      double label = 0, real = 0;  // eq. 16, each turn's sum afresh
      for (std::size_t k = 0; k <= t; ++k) {
        label += std::pow(s.gamma, double(k)) * *scored.rollout.turns[k].stored_score;
        real += std::pow(s.gamma, double(k)) * scored.rewards[k];
      }
      const SampledTurn& turn = scored.rollout.turns[t];
      const Tokens& reply = reply_of(turn, s.variant);
      const auto ours = reply_logprobs(policy, turn.context, reply);
      const auto theirs = reply_logprobs(policy, turn.context, reply, /*reference=*/true);
      const double lp_ref = s.reference == "base"           ? mean_of(theirs)
                            : s.variant == "teacher_forced" ? mean_of(ours)
                                                            : mean_of(recorded(turn));
      const double weight = std::exp(mean_of(ours) - lp_ref);                      // eq. 19, 20, 21
      loss += -weight * (s.variant == "generated" ? real - label : label - real);  // eq. 15, 18
      loss += s.kl_coefficient * kl_of(ours, theirs) / double(ours.size());
    }
  }
  return loss;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tracebias_test)

BOOST_AUTO_TEST_CASE(TheLossIsAlgorithm1) {
  const Policy policy = small_policy(), wide = small_policy(false, at::kDouble);
  const LearningUnit unit = sampled_unit(policy);
  for (const char* variant : kVariants) {
    for (const double kl : {0.0, 0.3}) {
      const MethodSettings settings = tracebias(variant, 0.8, kl);
      const UnitLoss found = make_method(settings)->loss(wide, unit);
      BOOST_TEST(std::abs(found.loss.item<double>() - loss_by_hand(wide, unit, settings)) < 1e-12,
                 variant);
      BOOST_TEST(found.metrics.samples == 3);  // dialogues
      BOOST_TEST(found.metrics.replies == 6);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheReferenceMayBeThePreviousPolicy) {
  const Policy policy = small_policy();
  Policy later = small_policy(false, at::kDouble);
  std::vector<float> moved = later.flat();
  for (float& value : moved) value *= 1.1f;
  later.set_flat(moved);
  const LearningUnit unit = sampled_unit(policy);
  for (const char* variant : kVariants) {
    MethodSettings settings = tracebias(variant, 0.8);
    settings.reference = "previous";
    const auto method = make_method(settings);
    const double found = method->loss(later, unit).loss.item<double>();
    BOOST_TEST(std::abs(found - loss_by_hand(later, unit, settings)) < 1e-12, variant);
    BOOST_TEST(found !=
               make_method(tracebias(variant, 0.8))->loss(later, unit).loss.item<double>());
  }
  // Learnt by the policy that sampled: the weight is 1, to the bit.
  MethodSettings settings = tracebias("generated", 0.8);
  settings.reference = "previous";
  LearningUnit one;
  one.rollouts.push_back(sampled_rollout(policy, 3, 1));
  one.rollouts[0].rewards = {0.25f};
  one.rollouts[0].rollout.turns[0].stored_score = 0.75f;
  BOOST_TEST(make_method(settings)->loss(policy, one).loss.item<float>() == 0.5f);
  settings.reference = "other";
  BOOST_CHECK_THROW(make_method(settings), Error);
}

BOOST_AUTO_TEST_CASE(TheGradientAgreesWithFiniteDifferences) {
  const Policy policy = small_policy(), wide = small_policy(false, at::kDouble);
  const LearningUnit unit = sampled_unit(policy);
  for (const char* variant : kVariants) {
    for (const double kl : {0.0, 0.3}) {
      const auto method = make_method(tracebias(variant, 0.9, kl));
      check_gradient(wide, [&] { return method->loss(wide, unit).loss; });
      if (std::string(variant) == "teacher_forced") continue;  // its reference moves along
      MethodSettings previous = tracebias(variant, 0.9, kl);
      previous.reference = "previous";
      const auto other = make_method(previous);
      check_gradient(wide, [&] { return other->loss(wide, unit).loss; });
    }
  }
}

// The sign of each variant, as the specification has it: what happens to the reply's probability
// where the stored reply scored higher than the sampled one, and where it scored lower.
BOOST_AUTO_TEST_CASE(EachVariantMovesItsReplyAsItsSignSays) {
  for (const char* variant : kVariants) {
    for (const bool stored_was_better : {true, false}) {
      Policy policy = small_policy();
      LearningUnit unit;
      unit.rollouts.push_back(sampled_rollout(policy, 3, 1));
      SampledTurn& turn = unit.rollouts[0].rollout.turns[0];
      turn.stored_score = stored_was_better ? 0.9f : -0.7f;
      unit.rollouts[0].rewards = {0.1f};
      const Tokens& reply = reply_of(turn, variant);
      const double before = mean_of(reply_logprobs(policy, turn.context, reply));
      descend(&policy, make_method(tracebias(variant))->loss(policy, unit).loss, 1e-2);
      const bool raised = mean_of(reply_logprobs(policy, turn.context, reply)) > before;
      // literal: the sampled reply is raised where it was worse. generated: where it was better.
      // teacher_forced: the stored reply is raised where it was better.
      const bool expected =
          std::string(variant) == "generated" ? !stored_was_better : stored_was_better;
      BOOST_TEST(raised == expected, variant << ", stored better: " << stored_was_better);
    }
  }
}

BOOST_AUTO_TEST_CASE(LiteralIsGeneratedTurnedRound) {
  const Policy policy = small_policy();
  const LearningUnit unit = sampled_unit(policy);
  const auto literal = policy.gradient(make_method(tracebias("literal"))->loss(policy, unit).loss);
  const auto generated =
      policy.gradient(make_method(tracebias("generated"))->loss(policy, unit).loss);
  for (std::size_t i = 0; i < literal.size(); ++i) BOOST_REQUIRE(literal[i] == -generated[i]);
}

BOOST_AUTO_TEST_CASE(AFreshAdapterHasTheWeightOne) {
  Policy policy = small_policy();
  policy.set_flat(std::vector<float>(std::size_t(policy.num_parameters()), 0.0f));
  LearningUnit unit;
  unit.rollouts.push_back(sampled_rollout(policy, 3, 1));
  unit.rollouts[0].rewards = {0.25f};
  unit.rollouts[0].rollout.turns[0].stored_score = 0.75f;
  const UnitLoss found = make_method(tracebias("literal"))->loss(policy, unit);
  BOOST_TEST(found.loss.item<float>() == -0.5f);
  BOOST_TEST(found.metrics.kl == 0);
}

BOOST_AUTO_TEST_CASE(TurnsWithoutAStoredScoreAreLeftOut) {
  const Policy policy = small_policy(), wide = small_policy(false, at::kDouble);
  const auto method = make_method(tracebias("generated"));
  LearningUnit unit;
  unit.rollouts.push_back(sampled_rollout(policy, 3, 2));
  LearningUnit first = unit;
  first.rollouts[0].rollout.turns.resize(1);
  first.rollouts[0].rewards.resize(1);
  const double one = method->loss(wide, first).loss.item<double>();
  unit.rollouts[0].rollout.turns[1].stored_score.reset();
  BOOST_TEST(std::abs(method->loss(wide, unit).loss.item<double>() - one) < 1e-12);
  unit.rollouts[0].rollout.turns[0].stored_score.reset();
  const UnitLoss none = method->loss(wide, unit);
  BOOST_TEST(none.loss.item<double>() == 0);
  BOOST_TEST(none.metrics.samples == 0);
}

BOOST_AUTO_TEST_CASE(TurnsWithoutTheirReplyStillCountInTheSums) {
  const Policy policy = small_policy(), wide = small_policy(false, at::kDouble);
  LearningUnit unit = sampled_unit(policy), without = unit;
  without.rollouts[2].rollout.turns[0].stored.clear();
  const auto method = make_method(tracebias("teacher_forced"));
  const double difference = method->loss(wide, unit).loss.item<double>() -
                            method->loss(wide, without).loss.item<double>();
  LearningUnit first;
  first.rollouts = {unit.rollouts[2]};
  first.rollouts[0].rollout.turns.resize(1);
  first.rollouts[0].rewards.resize(1);
  BOOST_TEST(std::abs(difference - method->loss(wide, first).loss.item<double>()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(AUnitWithoutTurnsWeighsNothing) {
  const Policy policy = small_policy();
  LearningUnit left_out;
  left_out.rollouts.resize(2);
  for (const LearningUnit& unit : {LearningUnit{}, left_out}) {
    const UnitLoss found = make_method(tracebias("generated"))->loss(policy, unit);
    BOOST_TEST(found.metrics.samples == 0);
    for (const float value : policy.gradient(found.loss)) BOOST_REQUIRE(value == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
