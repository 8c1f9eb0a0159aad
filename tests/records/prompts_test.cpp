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
  BOOST_TEST(num_text_bytes(row) == 20u);
  BOOST_TEST(prompts_of(Dialogue()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
