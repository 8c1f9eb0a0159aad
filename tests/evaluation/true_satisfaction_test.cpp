#include "evaluation/true_satisfaction.h"

#include <boost/test/unit_test.hpp>

#include "simulation/preference.h"

using namespace arf;

namespace {
const std::string kPrompt = "Quick one: how do I boil the eggs?";
const std::string kReply = "For the eggs, boil them for eight minutes.";

std::optional<double> known(const std::string& source, const std::string& task) {
  Dialogue dialogue;
  dialogue.source = source;
  dialogue.task = task;
  return true_satisfaction_if_known(dialogue, kPrompt, kReply);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(true_satisfaction_test)

BOOST_AUTO_TEST_CASE(a_simulated_users_preference_is_known) {
  BOOST_REQUIRE(known("simulate", "simulate").has_value());
  BOOST_TEST(*known("simulate", "simulate") == true_satisfaction(kPrompt, kReply));
  BOOST_TEST(*known("simulate", "simulate") > 0.7);
}

BOOST_AUTO_TEST_CASE(of_anybody_else_nothing_is_said) {
  BOOST_TEST(!known("gsm8k", "gsm8k").has_value());
  BOOST_TEST(!known("", "").has_value());
  BOOST_TEST(!known("topical_chat", "simulate").has_value());  // renamed by --import.task
}

BOOST_AUTO_TEST_SUITE_END()
