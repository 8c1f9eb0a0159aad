#include "records/prompts.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

BOOST_AUTO_TEST_SUITE(prompts_test)

BOOST_AUTO_TEST_CASE(APromptIsTheLastUserTurnBefore) {
  Dialogue row;
  row.turns = {{TurnRole::kAssistant, "hello", {}, {}}, {TurnRole::kUser, "one", {}, {}},
               {TurnRole::kAssistant, "1", {}, {}},     {TurnRole::kAssistant, "1!", {}, {}},
               {TurnRole::kUser, "two", {}, {}},        {TurnRole::kUser, "three", {}, {}},
               {TurnRole::kAssistant, "3", {}, {}}};
  const auto prompts = prompts_of(row);
  BOOST_REQUIRE(prompts.size() == row.turns.size());
  const std::vector<const std::string*> wanted = {nullptr,
                                                  nullptr,
                                                  &row.turns[1].text,
                                                  &row.turns[1].text,
                                                  &row.turns[1].text,
                                                  &row.turns[4].text,
                                                  &row.turns[5].text};
  BOOST_TEST((prompts == wanted));
  BOOST_TEST(prompts_of(Dialogue()).empty());
}

BOOST_AUTO_TEST_CASE(EmptyTurnsTakeMemoryToo) {
  Dialogue row;
  const std::size_t before = num_held_bytes(row);
  row.turns.resize(1000);
  BOOST_TEST(num_held_bytes(row) == before + 1000 * sizeof(Turn));
  row.turns[0].text = std::string(100, 'a');
  row.turns[1].history.resize(2);
  row.rejected = "no";
  BOOST_TEST(num_held_bytes(row) == before + 1000 * sizeof(Turn) + 100 + 24 + 2);
}

BOOST_AUTO_TEST_SUITE_END()
