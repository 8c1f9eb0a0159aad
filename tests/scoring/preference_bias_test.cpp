#include "scoring/preference_bias.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace arf;

namespace {

double to_four_digits(double value) { return std::round(value * 1e4) / 1e4; }

}  // namespace

BOOST_AUTO_TEST_SUITE(preference_bias_test)

BOOST_AUTO_TEST_CASE(TheSigmoidHasTheNumbersOfTable4) {
  const struct {
    double s_sig, at_point_two, low, high;
  } table[] = {{1, 0.5498, 0.3775, 0.6225},
               {4, 0.6900, 0.1192, 0.8808},
               {6, 0.7685, 0.0474, 0.9526},
               {8, 0.8320, 0.0180, 0.9820},
               {16, 0.9608, 0.0003, 0.9997}};
  for (const auto& row : table) {
    BOOST_TEST_CONTEXT("s_sig " << row.s_sig) {
      BOOST_TEST(to_four_digits(preference_sigmoid(0.2, row.s_sig)) == row.at_point_two);
      BOOST_TEST(to_four_digits(preference_sigmoid(-0.5, row.s_sig)) == row.low);
      BOOST_TEST(to_four_digits(preference_sigmoid(0.5, row.s_sig)) == row.high);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheWeightSpansItsRangeFromOppositesToEquals) {
  const Satisfaction bad{1, 0, 0}, good{0, 0, 1}, mixed{0.2f, 0.3f, 0.5f};
  BOOST_TEST(to_four_digits(preference_weight(bad, good, 6)) == 0.0474);
  BOOST_TEST(to_four_digits(preference_weight(mixed, mixed, 6)) == 0.9526);
  BOOST_TEST(cosine_similarity({1, 0, 0}, {0.5f, 0.5f, 0}) == std::sqrt(0.5),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(cosine_similarity({0, 0, 0}, good) == 0.0);
}

BOOST_AUTO_TEST_CASE(ABlendIsADistributionBetweenItsParts) {
  const Satisfaction blended = blend({1, 0, 0}, {0, 0.5f, 0.5f}, 0.25);
  BOOST_TEST((blended == Satisfaction{0.25f, 0.375f, 0.375f}));
  BOOST_TEST((blend({1, 0, 0}, {0, 0, 1}, 1.0) == Satisfaction{1, 0, 0}));
}

BOOST_AUTO_TEST_CASE(AScorerThatTurnedAroundIsLetInSlowly) {
  const Satisfaction stored{0, 0, 1}, opposite{1, 0, 0}, close{0, 0.2f, 0.8f};
  // Similarity 0: the fresh score has weight 0.0474. Close ones have nearly all of it.
  BOOST_TEST(rescore(stored, opposite, 6).bad == 0.04742587f, boost::test_tools::tolerance(1e-5f));
  BOOST_TEST(rescore(stored, close, 6).neutral > 0.9f * 0.2f);
  // Eq. 12 weighs the ARF scorer's opinion, eq. 14 the fresh one: both the one that moved.
  BOOST_TEST((biased_score(opposite, stored, 6) == rescore(stored, opposite, 6)));
}

BOOST_AUTO_TEST_SUITE_END()
