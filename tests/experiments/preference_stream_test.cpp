#include "experiments/preference_stream.h"

#include "tests/scoring/small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

Dialogue exchange(const std::string& id, const std::string& prompt, const std::string& response) {
  Dialogue row;
  row.id = id;
  row.source = row.task = "a task";
  row.turns = {{TurnRole::kUser, prompt, std::nullopt, {}},
               {TurnRole::kAssistant, response, std::nullopt, {}}};
  return row;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(preference_stream_test)

BOOST_AUTO_TEST_CASE(TheEarliestOfThreeTastesTurnsNegative) {
  const auto tastes = tastes_of_figure_3(4);
  BOOST_REQUIRE(tastes.size() == 4u);
  BOOST_TEST(tastes[0].size() == 1u);
  BOOST_TEST(tastes[1].size() == 2u);
  for (std::size_t phase = 2; phase < 4; ++phase) {
    BOOST_REQUIRE(tastes[phase].size() == 3u);
    BOOST_TEST(tastes[phase][0].task == phase);
    BOOST_TEST(tastes[phase][2].task == phase - 2);
    BOOST_TEST(!tastes[phase][2].liked);
    BOOST_TEST((tastes[phase][0].liked && tastes[phase][1].liked));
  }
}

BOOST_AUTO_TEST_CASE(TasksTakeTurnsAndBeginAgainWhereTheyAreUsedUp) {
  const TemporaryFolder folder;
  write_corpus(folder / "a", {exchange("1", "p1", "r1"), exchange("2", "p2", "r2"),
                              exchange("3", "long", std::string(100, 'x'))});
  write_corpus(folder / "b", {exchange("1", "q1", "s1")});
  write_preference_stream({{"a", folder / "a"}, {"b", folder / "b"}},
                          {{{0, true}}, {{1, true}, {0, false}}}, 4, 50, folder / "stream");
  const auto rows = rows_of(folder / "stream");
  BOOST_REQUIRE(rows.size() == 8u);
  const std::vector<std::string> responses = {"r1", "r2", "r1", "r2", "s1", "r1", "s1", "r2"};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_b = i >= 4 && i % 2 == 0;
    BOOST_TEST(rows[i].turns[1].text == responses[i]);
    BOOST_TEST(rows[i].source == (is_b ? "b" : "a"));
    BOOST_TEST(rows[i].task == phase_name(i / 4));
    const bool liked = i < 4 || is_b;
    BOOST_TEST((*rows[i].turns[1].satisfaction ==
                (liked ? Satisfaction{0, 0, 1} : Satisfaction{1, 0, 0})));
  }
}

BOOST_AUTO_TEST_CASE(ATaskWithoutAReplyIsRefused) {
  const TemporaryFolder folder;
  write_corpus(folder / "a", {labelled_text(0)});
  BOOST_CHECK_EXCEPTION(
      write_preference_stream({{"a", folder / "a"}}, {{{0, true}}}, 4, 50, folder / "stream"),
      Error, has("`a` gives no feedback", ExitCode::kInput));
  BOOST_TEST(!std::filesystem::exists(folder / "stream"));
}

BOOST_AUTO_TEST_SUITE_END()
