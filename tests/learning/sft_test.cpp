#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(sft_test)

BOOST_AUTO_TEST_CASE(TheLossIsMinusTheLogProbOfEveryReplyToken) {
  const Policy policy = small_policy(false, at::kDouble);
  const LearningUnit unit = stored_unit();
  double loss = 0, kl = 0, tokens = 0;
  for (const StoredSample& sample : unit.stored) {
    for (const auto& reply : sample.chosen.replies) {
      const auto begin = sample.chosen.tokens.begin();
      const Tokens context(begin, begin + reply.begin);
      const Tokens tail(begin + reply.begin, begin + reply.end);
      const auto ours = reply_logprobs(policy, context, tail);
      loss -= sum_of(ours);
      kl += kl_of(ours, reply_logprobs(policy, context, tail, /*reference=*/true));
      tokens += double(tail.size());
    }
  }
  const UnitLoss found = make_method(settings_of("sft"))->loss(policy, unit);
  BOOST_TEST(std::abs(found.loss.item<double>() - loss) < 1e-12 * std::abs(loss));
  BOOST_TEST(found.metrics.loss == found.loss.item<double>());
  BOOST_TEST(found.metrics.tokens == tokens);
  BOOST_TEST(found.metrics.samples == tokens);
  BOOST_TEST(std::abs(found.metrics.kl - kl) < 1e-12);
}

BOOST_AUTO_TEST_CASE(TheGradientAgreesWithFiniteDifferences) {
  const Policy policy = small_policy(false, at::kDouble);
  const auto method = make_method(settings_of("sft"));
  check_gradient(policy, [&] { return method->loss(policy, stored_unit()).loss; });
}

BOOST_AUTO_TEST_CASE(TrainsAllWeightsToo) {
  Decoder decoder = Decoder::random(small_config(), 1);
  stir(decoder.weights(), 0.2);
  PolicySettings settings;
  settings.lora.rank = 0;
  Policy policy(std::move(decoder), settings, 1);
  policy.to_dtype(at::kDouble);
  const auto method = make_method(settings_of("sft"));
  const auto loss = [&] { return method->loss(policy, stored_unit()).loss; };
  BOOST_TEST(method->loss(policy, stored_unit()).metrics.kl == 0);  // there is no reference
  check_gradient(policy, loss);
  const double before = loss().item<double>();
  descend(&policy, loss(), 1e-3);
  BOOST_TEST(loss().item<double>() < before);
}

BOOST_AUTO_TEST_CASE(AUnitWithoutRepliesWeighsNothing) {
  const Policy policy = small_policy();
  LearningUnit unit;
  unit.stored.push_back({dialogue_of(some_tokens(5, 1), {}), {}});
  for (const LearningUnit& empty : {unit, LearningUnit{}}) {
    const UnitLoss found = make_method(settings_of("sft"))->loss(policy, empty);
    BOOST_TEST(found.metrics.samples == 0);
    for (const float value : policy.gradient(found.loss)) BOOST_REQUIRE(value == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
