// user_satisfaction, convai2 and topical_chat: whose ratings land on which turn.
#include <boost/test/unit_test.hpp>

#include "data_io/human_ratings.h"
#include "tests/data_io/import_helpers.h"

using namespace arf;

namespace {

using Score = std::optional<Satisfaction>;

std::vector<Score> scores(const Dialogue& row) {
  std::vector<Score> all;
  for (const Turn& turn : row.turns) all.push_back(turn.satisfaction);
  return all;
}

void check_scores(const Dialogue& row, const std::vector<Score>& wanted) {
  BOOST_TEST((scores(row) == wanted));
}

Imported rated(const std::string& format, const std::string& text, const std::string& ratings) {
  return import_text(format, text, "in", "stop", ratings);
}

const Score kNone, kBad = Satisfaction{1, 0, 0}, kNeutral = Satisfaction{0, 1, 0},
                   kGood = Satisfaction{0, 0, 1};

const std::string kSession =
    "USER\tHello\tACT\t3,3\n"
    "SYSTEM\tWhat for?\tACT\t\n"
    "USER\tFood.\t\t2,3,4,1\n"
    "SYSTEM\tOne moment.\t\t\n"
    "SYSTEM\tNo food.\t\t\n"
    "USER\tNo?\tA B\t5\n"
    "USER\tNo!\t\t1\n"
    "SYSTEM\tBye.\t\t\n"
    "USER\tOVERALL\t\t2,2,4,4\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(rated_importers_test)

BOOST_AUTO_TEST_CASE(SharesOfAnnotators) {
  HumanRatings ratings;
  BOOST_TEST(!ratings.shares());
  for (const int rating : {1, 2, 3, 3, 3, 4, 5, 5}) ratings.add(rating);
  BOOST_TEST((*ratings.shares() == Satisfaction{0.25f, 0.375f, 0.375f}));
}

BOOST_AUTO_TEST_CASE(ARatingIsOfTheAssistantsTurnBeforeIt) {
  const Imported got = rated("user_satisfaction", "\n" + kSession + " \n\n" + kSession, "auto");
  BOOST_REQUIRE(got.rows.size() == 2u);
  const Dialogue& row = got.rows[0];
  BOOST_TEST(row.turns.size() == 8u);  // OVERALL is none
  BOOST_TEST(row.turns[2].text == "Food.");
  BOOST_TEST((row.turns[4].role == TurnRole::kAssistant));
  BOOST_TEST(row.provenance.row == 2u);
  BOOST_TEST(got.rows[1].provenance.row == 13u);
  check_scores(row,
               {kNone, Satisfaction{0.5f, 0.25f, 0.25f}, kNone, kNone, kGood, kNone, kNone, kNone});
  BOOST_TEST(got.left_out.at("ratings of a user's turn before any of the assistant's") == 2u);
  BOOST_TEST(got.left_out.at("ratings of a user's turn right behind another") == 2u);
}

BOOST_AUTO_TEST_CASE(OverallIsForTheLastReplyWhereItIsAskedFor) {
  const Imported got = rated("user_satisfaction", kSession, "dialogue");
  const Score half = Satisfaction{0.5f, 0, 0.5f};
  check_scores(got.rows.at(0), {kNone, kNone, kNone, kNone, kNone, kNone, kNone, half});
  BOOST_TEST(got.left_out.empty());
  check_scores(
      rated("user_satisfaction", "USER\ta\t\t3\nUSER\tOVERALL\t\t3", "dialogue").rows.at(0),
      {kNone});
  for (const Score& score : scores(rated("user_satisfaction", kSession, "none").rows.at(0))) {
    BOOST_TEST(!score);
  }
}

BOOST_AUTO_TEST_CASE(SessionsThatAreNoneAreRefusedWithTheirLine) {
  const auto bad = [](const std::string& line, const std::string& words) {
    const std::string text = "USER\ta\t\t3\n\nUSER\tb\t\t3\nSYSTEM\tc\t\t\n" + line +
                             "\nSYSTEM\td\t\t\n\nUSER\te\t\t3\n";
    refused("user_satisfaction", text, "in:5: " + words);
    const Imported skipped = import_text("user_satisfaction", text, "in", "skip");
    BOOST_TEST(skipped.skipped == 1u);
    BOOST_REQUIRE(skipped.rows.size() == 2u);
    BOOST_TEST(skipped.rows[1].id == "user_satisfaction-3");
  };
  bad("USER\tb\t\t6", "ratings `6` are not numbers from 1 to 5");
  bad("USER\tb\t\t3,,3", "ratings `3,,3` are not");
  bad("USER\tb\t\t3,", "ratings `3,` are not");
  bad("USER\tb\t\t,3", "ratings `,3` are not");
  bad("USER\tb\t\t3.5", "ratings `3.5` are not");
  bad("USER\tb\t\t-1", "ratings `-1` are not");
  bad("USER\tb\tc\tACT\t3,3", "ratings `ACT` are not");
  bad("USER\tb", "has 2 fields where role, text, action and ratings are needed");
  bad("USER\tb\t\t3\t\t", "has 6 fields");
  bad("BOT\tb\t\t", "role `BOT` is neither USER nor SYSTEM");
  bad("SYSTEM\tb\t\t3", "a SYSTEM line has ratings");
  bad("USER\t \t\t3", "the turn has no text");
  bad("USER\tcaf\xe9\t\t3", "is not UTF-8 at byte 8 (0xe9)");
  bad("USER\tb\t\t3\xff", "is not UTF-8");
  refused("user_satisfaction", "USER\ta\t\t3\nUSER\tOVERALL\t\t3\nSYSTEM\tb\t\t\n",
          "in:3: a line behind the session's OVERALL");
  refused("user_satisfaction", "USER\tOVERALL\t\t3\n", "the session has no turns but OVERALL");
  refused("user_satisfaction", "\n \t\n", "no rows");
  refused("user_satisfaction", "{\"messages\":[]}", "in:1: has 1 fields");
}

BOOST_AUTO_TEST_CASE(AUserWithoutARatingAndWindowsLinesAreRead) {
  const Imported got = rated("user_satisfaction",
                             "SYSTEM\ta\t\t\r\nUSER\tb\t\t\r\nSYSTEM\tc\t\t\r\nUSER\td\t\t1,5\t"
                             "because\r\n\r\nSYSTEM\te\t\t",
                             "turn");
  BOOST_REQUIRE(got.rows.size() == 2u);
  check_scores(got.rows[0], {kNone, kNone, Satisfaction{0.5f, 0, 0.5f}, kNone});
  BOOST_TEST(got.rows[0].turns[3].text == "d");
}

BOOST_AUTO_TEST_CASE(AMillionTurnsOfOneSessionAreReadAndEndlessOnesRefused) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "SYSTEM\ta\t\t\nUSER\tb\t\t4\n";
  const Imported got = rated("user_satisfaction", text, "turn");
  BOOST_REQUIRE(got.rows.size() == 1u);
  BOOST_TEST(got.rows[0].turns.size() == 1'000'000u);
  BOOST_TEST((got.rows[0].turns[999'998].satisfaction == kGood));
  while (text.size() <= 64u << 20) text += std::string(text);
  refused("user_satisfaction", "\n" + text, "in:2: the session that begins here has more than");
}

BOOST_AUTO_TEST_CASE(ConvAi2ByClassOrByParticipant) {
  const std::string text =
      R"([{"dialog":[{"sender":"participant2","sender_class":"Bot","text":"a","evaluation_score":1},)"
      R"({"sender":"participant1","sender_class":"Human","text":"b","evaluation_score":null},)"
      R"({"sender":"participant2","sender_class":"Bot","text":"c","evaluation_score":0},)"
      R"({"sender":"participant2","sender_class":"Bot","text":"d","evaluation_score":null}],)"
      R"("eval_score":2,"bot_profile":["i run.","i eat."],"profile_match":""},)"
      "\n"
      R"({"dialog":[{"sender":"participant1","text":"b"},{"sender":"participant2","text":""},)"
      R"({"sender":"participant1","text":"e"}],"eval_score":5.0},)"
      "\n"
      R"({"dialog":[{"sender":"participant1","text":"b"}],"eval_score":1},)"
      R"({"dialog":[{"sender":"participant2","text":"b"}],"eval_score":1},{"dialog":[]},)"
      R"({"dialog":[{"sender":"participant1","text":"b"},{"sender":"participant2","text":"c"}],)"
      R"("eval_score":null}])";
  const Imported got = rated("convai2", text, "auto");
  BOOST_REQUIRE(got.rows.size() == 3u);
  BOOST_TEST(got.left_out.at("one of the two said nothing") == 3u);
  BOOST_TEST(got.rows[0].system == "i run.\ni eat.");
  BOOST_TEST((got.rows[0].turns[0].role == TurnRole::kAssistant));
  BOOST_TEST((got.rows[1].turns[0].role == TurnRole::kUser));
  check_scores(got.rows[0], {kNone, kNone, kNone, kBad});
  check_scores(got.rows[1], {kNone, kGood, kNone});
  check_scores(got.rows[2], {kNone, kNone});
  const Imported turns = rated("convai2", text, "turn");
  check_scores(turns.rows.at(0), {kGood, kNone, kBad, kNone});
  check_scores(turns.rows.at(1), {kNone, kNone, kNone});
  check_scores(rated("convai2", text, "none").rows.at(0), {kNone, kNone, kNone, kNone});
}

BOOST_AUTO_TEST_CASE(ConvAi2RefusesWhatItDoesNotKnow) {
  const std::string good =
      R"({"sender":"participant1","text":"b"},{"sender":"participant2","text":"c"})";
  const auto bad = [&](const std::string& record, const std::string& words,
                       const std::string& ratings = "auto") {
    refused("convai2", record, "in:1: " + words, ratings);
  };
  const auto scored = [&](const char* score) {
    return fmt::format(R"({{"dialog":[{}],"eval_score":{}}})", good, score);
  };
  for (const char* score : {"0", "6", "-1", "2.5", "1e400", "-1e400"}) {
    bad(scored(score), fmt::format("field `eval_score` is {} where a whole number from 1", score));
  }
  bad(scored("true"), "field `eval_score` is no number where");
  bad(scored("\"3\""), "field `eval_score` is no number where");
  bad(R"({"dialog":3})", "field `dialog` is not a list");
  bad(R"({"thread":[]})", "field `dialog` is missing");
  bad(R"({"dialog":[{"sender":"x","text":"b"}]})", "sender `x` is neither participant1 nor");
  bad(R"({"dialog":[{"sender_class":"Cat","text":"b"}]})", "sender_class `Cat` is neither");
  bad(R"({"dialog":[{"sender":"participant1","text":null}]})", "field `text` is not a text");
  bad(R"({"dialog":[)" + good + R"(],"bot_profile":[1]})", "a text is needed");
  bad(R"({"dialog":[)" + good + R"(],"bot_profile":"i run."})",
      "field `bot_profile` is not a list");
  bad(R"({"dialog":[{"sender":"participant2","text":"c","evaluation_score":2}]})",
      "field `evaluation_score` is 2 where a whole number from 0 to 1", "turn");
}

BOOST_AUTO_TEST_CASE(TopicalChatsRatingsAreThePartnersOfTheAssistantsTurn) {
  std::string text = R"({"a":{"content":[{"message":"q","agent":"agent_1","turn_rating":"Poor"})";
  for (const char* rating : {"Poor", "Not Good", "Passable", "Good", "Excellent", ""}) {
    text += fmt::format(R"(,{{"message":"m","agent":"agent_2","turn_rating":"{}"}})", rating);
  }
  text += R"(,{"message":"m","agent":"agent_2"}]}})";
  check_scores(rated("topical_chat", text, "turn").rows.at(0),
               {kNone, kBad, kBad, kNeutral, kGood, kGood, kNone, kNone});
  for (const Score& score : scores(rated("topical_chat", text, "auto").rows.at(0))) {
    BOOST_TEST(!score);
  }
  const std::string odd =
      R"({"a":{"content":[{"message":"m","agent":"agent_2","turn_rating":"Fair"}]}})";
  refused("topical_chat", odd, "in:1: turn_rating `Fair` is none of Poor, Not Good,", "turn");
  BOOST_TEST(rated("topical_chat", odd, "none").rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(RatingsThatAFormatHasNotAreAUsageError) {
  const auto refuses = [](const std::string& format, const char* ratings, const char* words) {
    BOOST_CHECK_EXCEPTION(rated(format, "", ratings), Error, has(words, ExitCode::kUsage));
  };
  refuses("gsm8k", "turn", "--import.ratings is `turn`, which gsm8k has not; it takes none");
  refuses("topical_chat", "dialogue", "it takes one of none, turn");
  refuses("convai2", "dialog", "it takes one of dialogue, turn, none");
  const std::string row = R"({"question":"q","answer":"a"})";
  BOOST_TEST(rated("gsm8k", row, "none").rows.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
