#include "guard/watch.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

namespace {

constexpr Deadlines kDeadlines{10, 100};

Sighting working(std::uint64_t steps, std::int64_t iteration = 3) {
  Sighting seen;
  seen.steps = steps;
  seen.phase = Phase::kLearn;
  seen.roles = kLearnerRole;
  seen.iteration = iteration;
  seen.begun = iteration >= 0;
  seen.unit = 7;
  return seen;
}

// It has looked for the others since it was seen last.
Sighting waiting(std::uint64_t steps) {
  static std::uint64_t looks = 0;
  Sighting seen = working(steps);
  seen.waits = true;
  seen.looks = ++looks;
  return seen;
}

bool says(const std::optional<Verdict>& verdict, const char* words) {
  return verdict && verdict->code == 5 && verdict->sentence.find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(watch_test)

BOOST_AUTO_TEST_CASE(ARankThatMakesNoProgressIsNamedAndThoseThatWaitForItAreNot) {
  Watch watch(0, 3, kDeadlines, 0);
  for (double now = 0; now <= 20; now += 1) {
    watch.saw(0, "a", waiting(1), now);
    watch.saw(1, "b", working(now < 8 ? static_cast<std::uint64_t>(now) : 8), now);
    watch.saw(2, "c", waiting(1), now);
    BOOST_TEST(watch.judge(now).has_value() == (now > 18));
  }
  BOOST_TEST(says(watch.judge(20),
                  "rank 1 (learner, host b), learning in iteration 3, last unit 7: "
                  "made no progress for 12 s"));
}

BOOST_AUTO_TEST_CASE(WaitingForSlowWorkIsNoReason) {
  Watch watch(0, 2, kDeadlines, 0);
  for (double now = 0; now <= 1000; now += 5) {
    watch.saw(0, "a", waiting(1), now);
    watch.saw(1, "b", working(static_cast<std::uint64_t>(now)), now);
    BOOST_TEST(!watch.judge(now));
  }
}

BOOST_AUTO_TEST_CASE(RanksThatAllWaitAreAReason) {
  Watch watch(0, 2, kDeadlines, 0);
  for (double now = 0; now <= 10; now += 1) {
    for (int rank : {0, 1}) watch.saw(rank, "a", waiting(1), now);
    BOOST_TEST(!watch.judge(now));
  }
  for (int rank : {0, 1}) watch.saw(rank, "a", waiting(1), 11.5);
  BOOST_TEST(says(watch.judge(11.5), "all ranks wait for one another"));
}

BOOST_AUTO_TEST_CASE(ARankThatWaitsAndDoesNotLookAnyMoreIsNamedAndThoseThatWaitForItAreNot) {
  Watch watch(0, 3, kDeadlines, 0);
  Sighting stopped = waiting(3);
  for (double now = 0; now <= 15.5; now += 0.5) {
    // The others have made no progress for longer.
    watch.saw(0, "a", waiting(1), now);
    watch.saw(2, "c", waiting(2), now);
    if (now <= 4) stopped = waiting(3);
    watch.saw(1, "b", stopped, now);
    BOOST_TEST(watch.judge(now).has_value() == (now > 14));
  }
  BOOST_TEST(says(watch.judge(15.5),
                  "rank 1 (learner, host b), learning in iteration 3, last unit "
                  "7: made no progress for 12 s"));
}

// Its guardian does not know of the others yet; one of them is stuck, as its own guardian says.
BOOST_AUTO_TEST_CASE(OneAloneThatWaitsIsSaidAfterOneThatIsStuck) {
  Watch watch(1, 1, kDeadlines, 0);
  for (double now = 0; now <= 120; now += 0.5) {
    Sighting seen = waiting(1);
    seen.begun = false;
    watch.saw(1, "a", seen, now);
    BOOST_TEST(watch.judge(now).has_value() == (now > kDeadlines.start + 2));
  }
  BOOST_TEST(says(watch.judge(120), "rank 1 (learner, host a)"));
  BOOST_TEST(says(watch.judge(120), "waited for other ranks, for "));
}

// Nothing else is done at once: the counting of steps may take a while.
BOOST_AUTO_TEST_CASE(AWaitThatHasJustEndedIsNoStandstill) {
  Watch watch(0, 1, kDeadlines, 0);
  Sighting seen;
  for (double now = 0; now <= 30; now += 1) watch.saw(0, "a", seen = waiting(1), now);
  seen.waits = false;
  for (double now = 31; now <= 45; now += 1) {
    watch.saw(0, "a", seen, now);
    BOOST_TEST(watch.judge(now).has_value() == (now > 40));
  }
}

BOOST_AUTO_TEST_CASE(ARankThatIsNotHeardOfIsLostThoughItsLastWordsWereThatItWaitsOrWorks) {
  for (const Sighting& last : {waiting(1), working(1)}) {
    Watch watch(0, 2, kDeadlines, 0);
    for (double now = 0; now <= 11; now += 1) {
      watch.saw(0, "a", waiting(1), now);
      if (now <= 5) watch.saw(1, "b", last, now);
    }
    BOOST_TEST(says(watch.judge(11),
                    "rank 1 (learner, host b), learning in iteration 3, last unit 7: "
                    "is not heard of any more"));
  }
}

BOOST_AUTO_TEST_CASE(TheStartHasItsOwnDeadline) {
  Watch watch(0, 1, kDeadlines, 0);
  watch.saw(0, "a", working(1, -1), 1);
  watch.saw(0, "a", working(1, -1), 99);
  BOOST_TEST(!watch.judge(99));
  watch.saw(0, "a", working(1, -1), 102);
  BOOST_TEST(says(watch.judge(102), "made no progress for 101 s"));
}

// Sampling for the first iterations, before any is learnt from.
BOOST_AUTO_TEST_CASE(WorkForAnIterationToComeIsStillTheStart) {
  Watch watch(0, 1, kDeadlines, 0);
  Sighting ahead = working(1, 0);
  ahead.begun = false;
  watch.saw(0, "a", ahead, 1);
  watch.saw(0, "a", ahead, 99);
  BOOST_TEST(!watch.judge(99));
  watch.saw(0, "a", ahead, 102);
  BOOST_TEST(says(watch.judge(102), "in iteration 0, last unit 7: made no progress for 101 s"));
}

BOOST_AUTO_TEST_CASE(ARankThatIsNotHeardOfIsLostAndOneThatHasEndedIsNot) {
  for (const bool ended : {false, true}) {
    Watch watch(0, 2, kDeadlines, 0);
    watch.saw(1, "b", working(1), 1);
    if (ended) watch.ended(1);
    for (double now = 0; now <= 12; now += 1) {
      watch.saw(0, "a", working(static_cast<std::uint64_t>(now)), now);
    }
    BOOST_TEST(says(watch.judge(12), "rank 1 (learner, host b)") == !ended);
  }
}

BOOST_AUTO_TEST_CASE(ARankThatHasToldOfItselfIsMissedSoonWhileItStartsToo) {
  Watch watch(0, 3, kDeadlines, 0);
  watch.saw(1, "b", working(1, -1), 1);
  for (double now = 0; now <= 12; now += 1) {
    watch.saw(0, "a", working(static_cast<std::uint64_t>(now), -1), now);
    BOOST_TEST(watch.judge(now).has_value() == (now > 11));
  }
  BOOST_TEST(says(watch.judge(12), "rank 1 (learner, host b)"));
  watch.ended(1);
  watch.saw(0, "a", working(100, -1), 99);
  BOOST_TEST(!watch.judge(99));
  watch.saw(0, "a", working(101, -1), 101);
  BOOST_TEST(says(watch.judge(101), "rank 2 (no role yet, host unknown)"));
}

BOOST_AUTO_TEST_CASE(OfSeveralRanksOneThatIsSilentIsFound) {
  Watch watch(0, 3, kDeadlines, 0);
  watch.saw(0, "a", working(1), 7);
  watch.saw(1, "b", working(1), 1);
  BOOST_TEST((watch.silent(7, 5) == 1));
  BOOST_TEST(!watch.silent(7, 7));
  watch.ended(1);
  BOOST_TEST(!watch.silent(7, 5));
}

BOOST_AUTO_TEST_CASE(AWatchOfOneRankNamesIt) {
  Watch watch(4, 1, kDeadlines, 0);
  watch.saw(4, "a", working(1), 1);
  BOOST_TEST(watch.killed(4, 9).sentence.starts_with("rank 4 (learner, host a), learning in "));
  BOOST_TEST(watch.killed(4, 9).sentence.find("signal 9 (Killed)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AllUnitsThatMayBeWhyAreNamed) {
  BOOST_TEST(units_text({3}) == "unit 3");
  BOOST_TEST(units_text({5, 2, 3}) == "units 2, 3 and 5");
  Sighting seen = working(1);
  BOOST_TEST(rank_text(1, "b", seen).ends_with(", learning in iteration 3, last unit 7"));
  seen.suspects = {2};
  BOOST_TEST(rank_text(1, "b", seen).ends_with(", learning in iteration 3, last unit 2"));
  seen.suspects = {3, 2};
  BOOST_TEST(rank_text(1, "b", seen).ends_with(", learning in iteration 3, at units 2 and 3"));
}

// What ends behind the end of a run takes nothing from it.
BOOST_AUTO_TEST_CASE(OfAFinishedRunNothingIsLost) {
  Watch watch(0, 2, kDeadlines, 0);
  Sighting finished = working(1);
  finished.finished = true;
  watch.saw(0, "a", finished, 0);
  watch.saw(1, "b", working(1), 0);
  BOOST_TEST(watch.killed(0, 9).sentence ==
             "rank 0 (learner, host a), ending: was killed by signal 9 (Killed); the run had "
             "finished, and its results are whole");
  BOOST_TEST(says(watch.killed(1, 9), "the run had finished"));
  BOOST_TEST(says(watch.lost(1), "the run had finished"));
  watch.saw(0, "a", working(2), 1);
  BOOST_TEST(says(watch.killed(1, 9), "goes on from its last checkpoint"));
}

BOOST_AUTO_TEST_SUITE_END()
