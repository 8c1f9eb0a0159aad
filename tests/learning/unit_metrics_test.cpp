#include "learning/unit_metrics.h"

#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

UnitMetrics metrics_of(std::uint32_t unit) {
  const RandomStream stream(3, Purpose::kTest, unit);
  std::vector<double> values(metrics_to_doubles({}).size());
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = stream.normal(i);
  return metrics_from_doubles(values);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unit_metrics_test)

BOOST_AUTO_TEST_CASE(RewardsAreThoseOfAllSampledTurns) {
  const LearningUnit unit = sampled_unit(small_policy());
  double reward = 0, stored = 0;
  for (const ScoredRollout& scored : unit.rollouts) {
    for (const float one : scored.rewards) reward += one;
    for (const SampledTurn& turn : scored.rollout.turns) stored += *turn.stored_score;
  }
  const UnitMetrics found = reward_metrics(unit);
  BOOST_TEST(found.reward == reward);
  BOOST_TEST(found.stored_reward == stored);
  BOOST_TEST(found.replies == 6);
  BOOST_TEST(found.stored_scores == 6);
  LearningUnit partly = unit;
  partly.rollouts[0].rollout.turns[0].stored_score.reset();
  BOOST_TEST(reward_metrics(partly).stored_scores == 5);
  BOOST_TEST(reward_metrics(partly).replies == 6);
}

BOOST_AUTO_TEST_CASE(TotalsAddEveryFieldInTheGivenOrder) {
  std::vector<UnitMetrics> units;
  std::vector<double> expected(metrics_to_doubles({}).size(), 0.0);
  for (std::uint32_t unit = 0; unit < 20; ++unit) {
    units.push_back(metrics_of(unit));
    const auto values = metrics_to_doubles(units.back());
    for (std::size_t i = 0; i < values.size(); ++i) expected[i] += values[i];
  }
  UnitMetrics total = total_metrics(units);
  double lowest = 1, highest = 1;
  for (const UnitMetrics& unit : units) {
    lowest = std::min(lowest, unit.ratio_min);
    highest = std::max(highest, unit.ratio_max);
  }
  BOOST_TEST(total.ratio_min == lowest);
  BOOST_TEST(total.ratio_max == highest);
  UnitMetrics sums = metrics_from_doubles(expected);
  sums.ratio_min = lowest;  // all other fields are plain sums
  sums.ratio_max = highest;
  BOOST_TEST((metrics_to_doubles(total) == metrics_to_doubles(sums)));
  const UnitMetrics none = total_metrics({});
  BOOST_TEST((none.samples == 0 && none.ratio_min == 1 && none.ratio_max == 1));
}

BOOST_AUTO_TEST_CASE(AMessageCarriesEveryField) {
  const UnitMetrics metrics = metrics_of(3);
  const auto values = metrics_to_doubles(metrics);
  BOOST_TEST((metrics_to_doubles(metrics_from_doubles(values)) == values));
  BOOST_CHECK_THROW(metrics_from_doubles(std::vector<double>(values.size() + 1)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
