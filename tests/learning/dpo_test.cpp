#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

// log pi(y|x) - log ref(y|x) of a dialogue's last reply.
double log_ratio(const Policy& policy, const TokenizedDialogue& dialogue) {
  const auto& reply = dialogue.replies.back();
  const auto begin = dialogue.tokens.begin();
  const Tokens context(begin, begin + reply.begin), tail(begin + reply.begin, begin + reply.end);
  return sum_of(reply_logprobs(policy, context, tail)) -
         sum_of(reply_logprobs(policy, context, tail, /*reference=*/true));
}

double margin(const Policy& policy, const StoredSample& pair) {
  return log_ratio(policy, pair.chosen) - log_ratio(policy, pair.rejected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dpo_test)

BOOST_AUTO_TEST_CASE(TheLossIsEquation7) {
  const Policy policy = small_policy(false, at::kDouble);
  const LearningUnit unit = stored_unit();
  MethodSettings settings = settings_of("dpo");
  settings.beta = 0.7;
  double loss = 0, accuracy = 0;
  for (const StoredSample& pair : unit.stored) {
    loss += std::log(1 + std::exp(-0.7 * margin(policy, pair)));  // -log sigmoid
    accuracy += margin(policy, pair) > 0;
  }
  const UnitLoss found = make_method(settings)->loss(policy, unit);
  BOOST_TEST(std::abs(found.loss.item<double>() - loss) < 1e-12);
  BOOST_TEST(found.metrics.samples == 2);
  BOOST_TEST(found.metrics.tokens == 4 + 2 + 1 + 6);  // last replies only
  BOOST_TEST(found.metrics.accuracy == accuracy);
  BOOST_TEST(found.metrics.kl > 0);
}

BOOST_AUTO_TEST_CASE(TheGradientAgreesWithFiniteDifferences) {
  const Policy policy = small_policy(false, at::kDouble);
  MethodSettings settings = settings_of("dpo");
  settings.beta = 0.5;
  const auto method = make_method(settings);
  check_gradient(policy, [&] { return method->loss(policy, stored_unit()).loss; });
}

BOOST_AUTO_TEST_CASE(AFreshAdapterHasTheLossLog2) {
  Policy policy = small_policy();
  policy.set_flat(std::vector<float>(std::size_t(policy.num_parameters()), 0.0f));
  const UnitLoss found = make_method(settings_of("dpo"))->loss(policy, stored_unit());
  BOOST_TEST(found.loss.item<float>() == 2 * std::log(2.0f));
  BOOST_TEST(found.metrics.accuracy == 0);
  BOOST_TEST(found.metrics.kl == 0);
}

BOOST_AUTO_TEST_CASE(AStepRaisesTheChosenOverTheRejected) {
  Policy policy = small_policy();
  const LearningUnit unit = stored_unit();
  const auto method = make_method(settings_of("dpo"));
  std::vector<double> before;
  for (const StoredSample& pair : unit.stored) before.push_back(margin(policy, pair));
  descend(&policy, method->loss(policy, unit).loss, 1e-2);
  for (std::size_t i = 0; i < before.size(); ++i) {
    BOOST_TEST(margin(policy, unit.stored[i]) > before[i]);
  }
}

BOOST_AUTO_TEST_CASE(AUnitWithoutPairsWeighsNothingAndASideWithoutReplyIsADefect) {
  const Policy policy = small_policy();
  const auto method = make_method(settings_of("dpo"));
  const UnitLoss found = method->loss(policy, LearningUnit{});
  BOOST_TEST(found.metrics.samples == 0);
  for (const float value : policy.gradient(found.loss)) BOOST_REQUIRE(value == 0);
  LearningUnit broken = stored_unit();
  broken.stored[1].rejected.replies.clear();
  error_of(ExitCode::kDefect, [&] { method->loss(policy, broken); });
}

BOOST_AUTO_TEST_SUITE_END()
