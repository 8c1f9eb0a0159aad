#include "guard/lines.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

BOOST_AUTO_TEST_SUITE(lines_test)

BOOST_AUTO_TEST_CASE(AStateComesAsItWasSent) {
  const Sighting sent{9, Phase::kScore, kScorerRole, 3, 7, true, true, 1234, true, false, {2, 7}};
  const auto seen = read_state(state_line(sent));
  BOOST_REQUIRE(seen.has_value());
  BOOST_TEST(seen->steps == 9);
  BOOST_TEST((seen->phase == Phase::kScore));
  BOOST_TEST(seen->roles == kScorerRole);
  BOOST_TEST(seen->iteration == 3);
  BOOST_TEST(seen->unit == 7);
  BOOST_TEST((seen->begun && seen->waits && seen->foreseen));
  BOOST_TEST(seen->looks == 1234);
  BOOST_TEST((seen->suspects == std::set<std::int64_t>{2, 7}));
  BOOST_TEST(read_state(state_line({}))->suspects.empty());
  BOOST_TEST(!read_state("state 9 3 2 3 7 1 1"));
  BOOST_TEST(!read_state(state_line(sent) + " x"));
}

BOOST_AUTO_TEST_SUITE_END()
