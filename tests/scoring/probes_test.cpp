#include "scoring/probes.h"

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(probes_test)

BOOST_AUTO_TEST_CASE(AProbeIsTheMeanRewardOfTheFirstResponses) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  write_corpus(folder / "responses",
               {labelled_text(0), feedback_row(1), feedback_row(2), feedback_row(3)});
  const std::string path = (folder / "responses").string();
  const auto probes = read_probes(scorer, {path + "/", "two=" + path}, 2, 1);
  BOOST_REQUIRE(probes.size() == 2u);
  BOOST_TEST(probes[0].name == "responses");
  BOOST_TEST(probes[1].name == "two");
  double sum = 0;
  for (const Dialogue& row : {feedback_row(1), feedback_row(2)}) {
    sum += scorer.score({{row.turns[0].text, row.turns[1].text}})[0].reward();
  }
  BOOST_TEST(mean_reward(scorer, probes[0], 1) == sum / 2);
}

BOOST_AUTO_TEST_CASE(NamesAreWantedOnceAndResponsesAtAll) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  write_corpus(folder / "a", {feedback_row(1)});
  write_corpus(folder / "none", {labelled_text(0)});
  const std::string a = (folder / "a").string();
  BOOST_CHECK_EXCEPTION(read_probes(scorer, {a, "a=" + a}, 2, 1), Error,
                        has("two are named `a`", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(read_probes(scorer, {"=" + a}, 2, 1), Error,
                        has("no name stands before", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(read_probes(scorer, {(folder / "none").string()}, 2, 1), Error,
                        has("has no response", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
