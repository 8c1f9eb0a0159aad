#include "experiments/gsm8k_solutions.h"

#include "experiments/preference_accuracy.h"
#include "tests/scoring/small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

std::string problem(int i) {
  std::string line = fmt::format(R"({{"question":"question {}","ground_truth":"x")", i);
  int model = 0;
  for (const char* name :
       {"6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"}) {
    line += fmt::format(R"(,"{}":{{"is_correct":{},"solution":"solution {} {}"}})", name,
                        model < 2 ? "true" : "false", i, model);
    ++model;
  }
  return line + "}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gsm8k_solutions_test)

BOOST_AUTO_TEST_CASE(AProblemGivesFeedbackOrPairsAndNeverBoth) {
  const TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 40; ++i) lines += problem(i);
  const auto file = folder.write("solutions.jsonl", lines);
  const auto counts = write_gsm8k_solutions(file, 0.3, folder / "feedback", folder / "pairs");
  BOOST_TEST(counts.problems == 40u);
  BOOST_TEST(counts.right == counts.wrong);
  BOOST_TEST((counts.right + counts.wrong) / 4 + counts.pairs / 4 == 40u);
  std::set<std::string> learnt, tested;
  for (const Dialogue& row : rows_of(folder / "feedback")) {
    learnt.insert(row.turns[0].text);
    const bool right = row.turns[1].text.back() < '2';
    BOOST_TEST(
        (*row.turns[1].satisfaction == (right ? Satisfaction{0, 0, 1} : Satisfaction{1, 0, 0})));
  }
  for (const Dialogue& row : rows_of(folder / "pairs")) {
    tested.insert(row.turns[0].text);
    BOOST_TEST(row.turns[1].text.back() < '2');
    BOOST_TEST(row.rejected->back() >= '2');
  }
  for (const std::string& question : tested) BOOST_TEST(!learnt.contains(question));
  BOOST_TEST(learnt.size() + tested.size() == 40u);
}

BOOST_AUTO_TEST_CASE(ARecordThatIsNoneIsRefusedWithItsPlace) {
  const TemporaryFolder folder;
  const auto file = folder.write("solutions.jsonl", problem(0) + "{\"question\":\"q\"}\n");
  BOOST_CHECK_EXCEPTION(
      write_gsm8k_solutions(file, 0.3, folder / "feedback", folder / "pairs"), Error,
      has("solutions.jsonl:2: field `6b_finetuning` is missing", ExitCode::kInput));
  BOOST_TEST(!std::filesystem::exists(folder / "feedback"));
}

BOOST_AUTO_TEST_CASE(PreferenceIsTheShareOfPairsWhoseChosenResponseHasTheLargerReward) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  std::vector<Dialogue> rows;
  std::size_t larger = 0;
  for (int i = 0; i < 12; ++i) {
    Dialogue row;
    row.id = fmt::format("{}", i);
    row.source = row.task = "t";
    row.turns = {{TurnRole::kUser, "a question", std::nullopt, {}},
                 {TurnRole::kAssistant, fmt::format("great help {}", i * i), std::nullopt, {}}};
    row.rejected = fmt::format("awful answer {}", i);
    const auto scores =
        scorer.score({{row.turns[0].text, row.turns[1].text}, {row.turns[0].text, *row.rejected}});
    larger += scores[0].reward() > scores[1].reward();
    rows.push_back(row);
  }
  rows.push_back(rows.front());  // the same twice: a tie
  rows.back().id = "tie";
  rows.back().rejected = rows.back().turns[1].text;
  write_corpus(folder / "pairs", rows);
  const auto measured = measure_preference(scorer, folder / "pairs", 1);
  BOOST_TEST(measured.pairs == 13u);
  BOOST_TEST(measured.accuracy == (static_cast<double>(larger) + 0.5) / 13,
             boost::test_tools::tolerance(1e-12));
  write_corpus(folder / "none", {labelled_text(0)});
  BOOST_CHECK_EXCEPTION(measure_preference(scorer, folder / "none", 1), Error,
                        has("no row has a rejected response", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
