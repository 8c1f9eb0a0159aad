#include "comm/rank_layout.h"

#include <boost/test/unit_test.hpp>

#include "core/error.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(rank_layout_test)

namespace {
using Ranks = std::vector<int>;
}

BOOST_AUTO_TEST_CASE(OneRankHoldsEveryRole) {
  const RankLayout layout(1, {});
  BOOST_TEST((layout.generates(0) && layout.scores(0) && layout.learns(0)));
  BOOST_TEST(layout.learner_of(5) == 0);
}

BOOST_AUTO_TEST_CASE(ZeroMeansEveryRank) {
  const RankLayout layout(3, {1, 0, 0});
  BOOST_TEST((layout.generators() == Ranks{2}));
  BOOST_TEST((layout.scorers() == Ranks{0, 1, 2}));
  BOOST_TEST((layout.learners() == Ranks{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(RolesStandApartWhereThereIsRoom) {
  const RankLayout layout(7, {4, 2, 1});
  BOOST_TEST((layout.learners() == Ranks{0}));
  BOOST_TEST((layout.scorers() == Ranks{1, 2}));
  BOOST_TEST((layout.generators() == Ranks{3, 4, 5, 6}));
  BOOST_TEST(layout.generator_of(5) == 4);
}

BOOST_AUTO_TEST_CASE(ScorersShareTheGeneratorsRanksWhereThereIsNone) {
  const RankLayout layout(2, {1, 1, 1});
  BOOST_TEST((layout.learners() == Ranks{0}));
  BOOST_TEST((layout.scorers() == Ranks{1}));
  BOOST_TEST((layout.generators() == Ranks{1}));
}

BOOST_AUTO_TEST_CASE(RankZeroAlwaysLearns) {
  for (int ranks = 1; ranks <= 6; ++ranks) {
    for (int g = 0; g <= ranks; ++g) {
      for (int l = 0; l <= ranks; ++l) BOOST_TEST(RankLayout(ranks, {g, 0, l}).learns(0));
    }
  }
}

BOOST_AUTO_TEST_CASE(IdleRankIsRefused) {
  BOOST_CHECK_EXCEPTION(RankLayout(4, {1, 1, 1}), Error, [](const Error& error) {
    return error.code() == ExitCode::kUsage &&
           std::string(error.what()).find("without a role") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(CountOverTheRanksIsRefused) {
  BOOST_CHECK_THROW(RankLayout(2, {3, 1, 1}), Error);
  BOOST_CHECK_THROW(RankLayout(2, {-1, 1, 1}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
