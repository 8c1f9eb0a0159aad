// sharegpt and hh_rlhf: transcripts of people and assistants without ratings.
#include <boost/test/unit_test.hpp>

#include "tests/data_io/import_helpers.h"

using namespace arf;

namespace {

std::string pair(const std::string& chosen, const std::string& rejected) {
  return fmt::format(R"({{"chosen":"{}","rejected":"{}"}})"
                     "\n",
                     chosen, rejected);
}

constexpr const char* kQuestion = R"(\n\nHuman: Why?)";

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_importers_test)

BOOST_AUTO_TEST_CASE(ShareGptInItsVariants) {
  const Imported got = import_text(
      "sharegpt",
      R"([{"id":"x","conversations":[{"from":"system","value":"S"},)"
      R"({"from":"human","value":"Q","weight":0},{"from":"gpt","value":"A","weight":1}]},)"
      R"({"system":"S","model":null,"conversation":[{"from":"user","value":"Q"},)"
      R"({"from":"assistant","value":"A"}]},)"
      R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},)"
      R"({"role":"assistant","content":"A"}]},)"
      R"({"system":"","items":[{"from":"system","value":"S"},{"from":"human","value":"Q"},)"
      R"({"from":"chatgpt","value":"A"}]}])");
  BOOST_REQUIRE(got.rows.size() == 4u);
  for (const Dialogue& row : got.rows) {
    BOOST_TEST(row.system == "S");
    BOOST_TEST((row.turns == std::vector<Turn>{{TurnRole::kUser, "Q", {}, {}},
                                               {TurnRole::kAssistant, "A", {}, {}}}));
  }
}

BOOST_AUTO_TEST_CASE(ShareGptWithToolsOrNothingIsLeftOutAndCounted) {
  const Imported got = import_text(
      "sharegpt",
      R"({"conversations":[{"from":"human","value":"Q"},{"from":"function_call","value":"{}"},)"
      R"({"from":"observation","value":"3"},{"from":"gpt","value":"A"}]})"
      "\n"
      R"({"messages":[{"role":"user","content":"Q"},{"role":"tool","content":null}]})"
      "\n"
      R"({"conversations":[]})"
      "\n"
      R"({"conversations":[{"from":"system","value":"S"}]})"
      "\n"
      R"({"conversations":[{"from":"gpt","value":""}]})");
  BOOST_REQUIRE(got.rows.size() == 1u);
  BOOST_TEST(got.rows[0].id == "sharegpt-5");
  BOOST_TEST(got.rows[0].turns[0].text == "");
  BOOST_TEST(got.left_out.at("a tool's turn") == 2u);
  BOOST_TEST(got.left_out.at("without a message") == 1u);
  BOOST_TEST(got.left_out.at("a system message alone") == 1u);
}

BOOST_AUTO_TEST_CASE(EachNameOfAToolIsKnownAlone) {
  for (const char* name : {"tool", "function", "function_call", "function_response", "observation",
                           "tool_call", "tool_response", "ipython"}) {
    const Imported got = import_text(
        "sharegpt", fmt::format(R"([{{"conversations":[{{"from":"human","value":"Q"}},)"
                                R"({{"from":"{}","value":"3"}}]}},)"
                                R"({{"conversations":[{{"from":"human","value":"Q"}}]}}])",
                                name));
    BOOST_TEST(got.rows.size() == 1u, name);
    BOOST_TEST(got.left_out.at("a tool's turn") == 1u, name);
  }
}

BOOST_AUTO_TEST_CASE(ShareGptRefusesWhatItDoesNotKnow) {
  const std::string good = R"({"conversations":[{"from":"human","value":"Q"}]})"
                           "\n";
  const auto bad = [&](const std::string& record, const std::string& words) {
    refused("sharegpt", good + record + "\n" + good, "in:2: " + words);
    BOOST_TEST(import_text("sharegpt", good + record + "\n" + good, "in", "skip").skipped == 1u);
  };
  bad(R"({"conversations":[{"from":"alien","value":"Q"}]})", "role `alien` is none of");
  bad(R"({"conversations":[{"from":"human","value":3}]})", "field `value` is not a text");
  bad(R"({"conversations":[{"from":"human"}]})", "field `value` is missing");
  bad(R"({"conversations":[{"value":"Q"}]})", "field `role` is missing");
  bad(R"({"conversations":["Q"]})", "an object with field `from` is needed");
  bad(R"({"conversations":{"from":"human"}})", "field `conversations` is not a list");
  bad(R"({"text":"Q"})", "field `conversations` is missing");
  bad(R"([1])", "an object with field");
  bad(R"({"conversations":[{"from":"human","value":"Q"},{"from":"system","value":"S"}]})",
      "a system message that is not the first");
  bad(R"({"system":"S","conversations":[{"from":"system","value":"T"},)"
      R"({"from":"human","value":"Q"}]})",
      "has a field `system` and another system message");
  bad(R"({"conversations":[{"from":"human","value":"Q"}],"chosen":{"from":"gpt","value":"A"}})",
      "has `chosen`, so it is a pair; import it with --import.format preference");
  bad("{\"conversations\":[{\"from\":\"human\",\"value\":\"\xff\"}]}",
      "a turn's text is not UTF-8");
}

BOOST_AUTO_TEST_CASE(HhRlhfCommonTurnsAreThePrompt) {
  const std::string more = R"( \n\nAssistant: Because\n\nof it.\n\nHuman: And?\n\nAssistant:)";
  const Imported got =
      import_text("hh_rlhf", pair(kQuestion + more + " So.", kQuestion + more + R"( Not\n)") +
                                 pair(std::string(kQuestion) + R"(\n\nAssistant:)",
                                      std::string(kQuestion) + R"(\n\nAssistant: No)"));
  BOOST_REQUIRE(got.rows.size() == 2u);
  const Dialogue& row = got.rows[0];
  BOOST_TEST((row.turns == std::vector<Turn>{{TurnRole::kUser, "Why?", {}, {}},
                                             {TurnRole::kAssistant, "Because\n\nof it.", {}, {}},
                                             {TurnRole::kUser, "And?", {}, {}},
                                             {TurnRole::kAssistant, "So.", {}, {}}}));
  BOOST_TEST(row.rejected.value() == "Not");
  BOOST_TEST(row.task == "preference");
  BOOST_TEST(got.rows[1].turns[1].text == "");  // an empty reply is the data's
}

BOOST_AUTO_TEST_CASE(HhRlhfWithoutAPairIsLeftOutAndCounted) {
  const std::string question(kQuestion), a = R"(\n\nAssistant: A)", b = R"(\n\nAssistant: B)";
  const Imported got = import_text(
      "hh_rlhf", pair(question + a, question + b) + pair(question + a + b, question + b) +
                     pair(question + "!" + a, question + b) + pair(question, question + b) +
                     pair(question + a, question + a + " ") + pair(a, b));
  BOOST_TEST(got.rows.size() == 1u);
  BOOST_TEST(got.left_out.at("the sides differ before their last turn") == 2u);
  BOOST_TEST(got.left_out.at("a side does not end with a reply") == 1u);
  BOOST_TEST(got.left_out.at("both replies are the same") == 1u);
  BOOST_TEST(got.left_out.at("without a prompt") == 1u);
}

BOOST_AUTO_TEST_CASE(HhRlhfRefusesWhatIsNoTranscript) {
  const std::string good = std::string(kQuestion) + R"(\n\nAssistant: A)";
  refused("hh_rlhf", pair("Human: Q", good), R"(in:1: field `chosen` does not begin with "\n\nHu)");
  refused("hh_rlhf", pair(good, ""), "in:1: field `rejected` does not begin with");
  refused("hh_rlhf", pair(good, "x" + good), "in:1: field `rejected` does not begin with");
  refused("hh_rlhf", "\n{\"chosen\":1}", "in:2: field `chosen` is not a text");
  refused("hh_rlhf", "{\"chosen\":\"" + good + "\"}", "in:1: field `rejected` is missing");
  refused("hh_rlhf", pair(good, good + "\xc3"), "in:1: the rejected response is not UTF-8 at byte");
}

BOOST_AUTO_TEST_CASE(AMillionTurnsOfATranscript) {
  std::string said;
  for (int i = 0; i < 500'000; ++i) said += R"(\n\nHuman:\n\nAssistant:)";
  const Imported got = import_text("hh_rlhf", pair(said + " A", said + " B"));
  BOOST_REQUIRE(got.rows.size() == 1u);
  BOOST_TEST(got.rows[0].turns.size() == 1'000'000u);
  const std::string gaps(2'000'000, 'n');  // \n as JSON has it, and no marker
  std::string escaped;
  for (const char c : gaps) (escaped += '\\') += c;
  const Imported long_text =
      import_text("hh_rlhf", pair(kQuestion + escaped + R"(\n\nAssistant: A)",
                                  kQuestion + escaped + R"(\n\nAssistant: B)"));
  BOOST_TEST(long_text.rows.at(0).turns[0].text == "Why?");
}

BOOST_AUTO_TEST_SUITE_END()
