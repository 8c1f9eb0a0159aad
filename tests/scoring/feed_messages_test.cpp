#include "scoring/feed_messages.h"

#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

std::string message(const std::string& role, const std::string& text,
                    const std::string& more = "") {
  return R"({"role":")" + role + R"(","content":")" + text + "\"" + more + "}";
}
std::string record(const std::vector<std::string>& messages) {
  return R"({"messages":[)" + fmt::format("{}", fmt::join(messages, ",")) + "]}\n";
}
const std::string kSaid = R"(,"satisfaction":[0.1,0.2,0.7])";

void refused(const std::string& bytes, const std::string& words, bool reads_reactions = true) {
  BOOST_CHECK_EXCEPTION(parse_feed(bytes, "x.jsonl", reads_reactions), Error,
                        has(words, ExitCode::kInput));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_messages_test)

BOOST_AUTO_TEST_CASE(RepliesWithAReactionOrASatisfactionAreFeedback) {
  const std::string bytes =
      record({message("system", "Be kind."), message("user", "How?"), message("assistant", "So."),
              message("user", "No, wrong"), message("assistant", "Thus.", kSaid),
              message("user", "\xF0\x9F\x91\x8D"), message("assistant", "Bye.")}) +
      "\n \r\n" + record({message("assistant", "Hello", kSaid)});
  const Satisfaction said{0.1f, 0.2f, 0.7f};
  const std::vector<Feedback> wanted{
      {"How?", "So.", "No, wrong", {}}, {"No, wrong", "Thus.", "", said}, {"", "Hello", "", said}};
  BOOST_TEST((parse_feed(bytes, "x.jsonl", true) == wanted));
}

BOOST_AUTO_TEST_CASE(WithoutAStaticScorerAReactionIsNotEnough) {
  const std::string good = record({message("user", "a"), message("assistant", "b", kSaid)});
  const std::string other =
      record({message("user", "a"), message("assistant", "b"), message("user", "c")});
  BOOST_TEST(parse_feed(good, "x.jsonl", false).size() == 1u);
  BOOST_TEST(parse_feed(good + other, "x.jsonl", true).size() == 2u);
  refused(good + other, "x.jsonl:2: a reply has no `satisfaction`", false);
}

BOOST_AUTO_TEST_CASE(WhatIsWrongIsNamedWithItsLine) {
  const std::string good = record({message("user", "a"), message("assistant", "b", kSaid)});
  const auto with = [](const std::string& more) {
    return record({message("user", "a"), message("assistant", "b", more)});
  };
  refused("", "x.jsonl:1: the file is empty");
  refused("\n\n", "the file is empty");
  refused(good + "\n{\"messages\":", "x.jsonl:3: is not valid JSON");
  refused(good + "{\"messages\":[]}\xFF", "x.jsonl:2: is not UTF-8 at byte 15");
  refused("[]\n", "x.jsonl:1: an object with field `messages`");
  refused("{\"message\":[]}", "x.jsonl:1: field `messages` is missing");
  refused("{\"messages\":[]}", "x.jsonl:1: ");
  refused("{\"messages\":[3]}", "x.jsonl:1: an object with field");
  refused("{\"messages\":[{\"role\":\"user\"}]}", "x.jsonl:1: field `content` is missing");
  refused("{\"messages\":[{\"content\":\"a\"}]}", "x.jsonl:1: field `role` is missing");
  refused(record({message("user", "a")}), "no reply has a `satisfaction` or");
  refused(record({message("user", "a"), message("assistant", "b")}), "no reply has");
  refused(record({message("tool", "a")}), "role `tool` is none of");
  refused(record({message("user", "a", kSaid), message("assistant", "b")}), "belongs to the reply");
  for (const char* wrong :
       {"[0.5,0.5]", "[1,1,1]", "[-1,1,1]", "[1e999,0,0]", "[\"1\",0,0]", "[]", "[0,0,null]"}) {
    refused(with(fmt::format(",\"satisfaction\":{}", wrong)), "is not [bad, neutral, good]");
  }
  refused(with(",\"satisfaction\":\"good\""), "field `satisfaction` is not a list");
  BOOST_TEST(parse_feed(with(",\"satisfaction\":[1,0e5,0.0]"), "x.jsonl", false).size() == 1u);
}

BOOST_AUTO_TEST_CASE(ATextOfAHundredThousandCharactersIsRefused) {
  const auto of = [](std::size_t size) {
    return record({message("user", "a"), message("assistant", std::string(size, 'b'), kSaid)});
  };
  BOOST_TEST(parse_feed(of(kMostFeedTextBytes), "x.jsonl", true).size() == 1u);
  refused(of(100'000), "x.jsonl:1: a text has 100000 bytes");
}

BOOST_AUTO_TEST_CASE(AReactionWithoutAWordIsRefused) {
  const auto of = [](const std::string& reaction) {
    return record({message("user", "a"), message("assistant", "b"), message("user", reaction)});
  };
  for (const char* mute : {"\xF0\x9F\x98\x80\xF0\x9F\x91\x8D", "", "  ", "!?", "\xE2\x9D\xA4"}) {
    refused(of(mute), "has no word that a scorer could read");
  }
  for (const char* word : {"ok \xF0\x9F\x91\x8D", "\xD0\xB4\xD0\xB0", "\xE5\xA5\xBD", "10/10"}) {
    BOOST_TEST(parse_feed(of(word), "x.jsonl", true).size() == 1u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
