#include "scoring/measures.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace arf;

namespace {

const Satisfaction kBad{1, 0, 0}, kNeutral{0, 1, 0}, kGood{0, 0, 1};
constexpr auto kClose = 1e-6;

}  // namespace

BOOST_AUTO_TEST_SUITE(measures_test)

BOOST_AUTO_TEST_CASE(AgreeWithNumbersWorkedOutByHand) {
  // Two bad (one taken for good), one neutral (right), one good (right), confidences .8 .6 .75 .9.
  const std::vector<Satisfaction> predicted = {
      {0.8f, 0.1f, 0.1f}, {0.2f, 0.2f, 0.6f}, {0.15f, 0.75f, 0.1f}, {0.05f, 0.05f, 0.9f}};
  const Measures m = measure(predicted, {kBad, kBad, kNeutral, kGood});
  BOOST_TEST(m.count == 4u);
  BOOST_TEST(m.accuracy == 0.75);
  BOOST_TEST(m.recall[0] == 0.5);
  BOOST_TEST(m.recall[2] == 1.0);
  BOOST_TEST(m.precision[0] == 1.0);
  BOOST_TEST(m.precision[2] == 0.5);
  // F1: 2/3, 1, 2/3. Recalls: 1/2, 1, 1.
  BOOST_TEST(m.macro_f1 == 7.0 / 9, boost::test_tools::tolerance(kClose));
  BOOST_TEST(m.balanced_accuracy == 2.5 / 3, boost::test_tools::tolerance(kClose));
  BOOST_TEST(m.loss == -(std::log(0.8) + std::log(0.2) + std::log(0.75) + std::log(0.9)) / 4,
             boost::test_tools::tolerance(kClose));
  // Bins of one text each: |.8 - 1| + |.6 - 0| + |.75 - 1| + |.9 - 1|, over four.
  BOOST_TEST(m.ece == (0.2 + 0.6 + 0.25 + 0.1) / 4, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(ClassesThatNobodyNamesDoNotCount) {
  const Measures m = measure({kBad, kGood, kGood}, {kBad, kGood, kGood});
  BOOST_TEST(m.macro_f1 == 1.0);
  BOOST_TEST(m.balanced_accuracy == 1.0);
  BOOST_TEST(std::isnan(m.recall[1]));
  BOOST_TEST(std::isnan(m.precision[1]));
  // A class that is only predicted lowers F1 and has no recall.
  const Measures wrong = measure({kNeutral}, {kBad});
  BOOST_TEST(wrong.macro_f1 == 0.0);
  BOOST_TEST(wrong.balanced_accuracy == 0.0);
}

BOOST_AUTO_TEST_CASE(SoftLabelsWeighTheLoss) {
  const Measures m = measure({{0.5f, 0.25f, 0.25f}}, {{0.5f, 0.5f, 0.0f}});
  BOOST_TEST(m.loss == 0.5 * std::log(2) + 0.5 * std::log(4), boost::test_tools::tolerance(kClose));
  BOOST_TEST(std::isfinite(measure({kBad}, {kGood}).loss));
}

BOOST_AUTO_TEST_CASE(RewardsAreComparedByTheirRanks) {
  const auto with = [](float bad, float good) { return Satisfaction{bad, 1 - bad - good, good}; };
  // Rewards -0.8, 0, 0.1, 0.9 against -1, 0, 0, 1: ranks 0 1 2 3 against 0 1.5 1.5 3.
  const std::vector<Satisfaction> predicted = {with(0.9f, 0.1f), with(0.2f, 0.2f), with(0.2f, 0.3f),
                                               with(0, 0.9f)};
  const Measures m = measure(predicted, {kBad, kNeutral, kNeutral, kGood});
  BOOST_TEST(m.spearman == 4.5 / std::sqrt(5 * 4.5), boost::test_tools::tolerance(kClose));
  BOOST_TEST(measure(predicted, {kGood, kGood, kBad, kBad}).spearman < 0);
  BOOST_TEST(std::isnan(measure(predicted, {kBad, kBad, kBad, kBad}).spearman));
}

BOOST_AUTO_TEST_CASE(NothingToMeasureIsZeros) {
  const Measures m = measure({}, {});
  BOOST_TEST(m.count == 0u);
  BOOST_TEST(m.accuracy == 0.0);
}

BOOST_AUTO_TEST_CASE(TheLikeliestClassIsTheFirstOfEquals) {
  BOOST_TEST(likeliest({0.4f, 0.4f, 0.2f}) == 0);
  BOOST_TEST(likeliest({0.1f, 0.45f, 0.45f}) == 1);
  BOOST_TEST(likeliest(kGood) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
