#include "core/activity.h"

#include <boost/test/unit_test.hpp>

#include "core/unit_scope.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(activity_test)

// Whoever looks at iteration and unit takes them for one.
BOOST_AUTO_TEST_CASE(AnIterationBeginsWithoutAUnit) {
  note_iteration(0);
  UnitScope(5);
  note_iteration(1);
  BOOST_TEST(activity().iteration == 1);
  BOOST_TEST(activity().unit == -1);
  UnitScope(5);
  {
    const IterationScope ahead(2);
    BOOST_TEST(activity().unit == -1);
    UnitScope(4);
  }
  BOOST_TEST(activity().iteration == 1);
  BOOST_TEST(activity().unit == -1);
}

BOOST_AUTO_TEST_CASE(SoDoesAPhaseThatGoesThroughUnitsAndNoOther) {
  for (const Phase phase : {Phase::kGenerate, Phase::kScore, Phase::kLearn}) {
    UnitScope(5);
    const PhaseScope scope(phase);
    BOOST_TEST(activity().unit == -1);
  }
  UnitScope(5);
  const PhaseScope exchanging(Phase::kSync);  // in the middle of learning
  BOOST_TEST(activity().unit == 5);
}

BOOST_AUTO_TEST_SUITE_END()
