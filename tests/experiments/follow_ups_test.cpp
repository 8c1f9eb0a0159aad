#include "experiments/follow_ups.h"

#include "tests/scoring/small_scorer.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(follow_ups_test)

BOOST_AUTO_TEST_CASE(WhatTheUserWritesNextHasWhatTheResponseBeforeItEarned) {
  const TemporaryFolder folder;
  Dialogue row;
  row.id = "d";
  row.source = "another name";
  row.task = "t";
  row.turns = {{TurnRole::kUser, "hello", Satisfaction{0, 1, 0}, {}},
               {TurnRole::kAssistant, "an answer", Satisfaction{1, 0, 0}, {}},
               {TurnRole::kUser, "that is wrong", std::nullopt, {}},
               {TurnRole::kAssistant, "unrated", std::nullopt, {}},
               {TurnRole::kUser, "I see", std::nullopt, {}},
               {TurnRole::kAssistant, "the last", Satisfaction{0, 0, 1}, {}}};
  write_corpus(folder / "from", {row});
  BOOST_TEST(write_follow_ups(folder / "from", "rated", folder / "to") == 1u);
  const auto rows = rows_of(folder / "to");
  BOOST_REQUIRE(rows.size() == 1u);
  BOOST_REQUIRE(rows[0].turns.size() == 1u);
  BOOST_TEST(rows[0].turns[0].text == "that is wrong");
  BOOST_TEST((*rows[0].turns[0].satisfaction == Satisfaction{1, 0, 0}));
  BOOST_TEST(rows[0].source == "rated");
  write_corpus(folder / "none", {labelled_text(0)});
  BOOST_CHECK_EXCEPTION(write_follow_ups(folder / "none", "rated", folder / "too"), Error,
                        has("no user's turn follows", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
