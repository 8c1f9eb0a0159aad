#include "experiments/stale_pool.h"

#include "experiments/preference_stream.h"
#include "scoring/preference_bias.h"
#include "tests/scoring/small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

Dialogue message(const std::string& task, std::size_t phase, int i) {
  Dialogue row = feedback_row(i);
  row.id = fmt::format("{}-{}-{}", task, phase, i);
  row.source = task;
  row.task = phase_name(phase);
  row.turns.resize(2);  // as preference_stream.h has it
  row.turns[1].satisfaction = one_hot(2);
  return row;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stale_pool_test)

BOOST_AUTO_TEST_CASE(ThePoolHoldsWhatWasLikedAndIsNotAnyMore) {
  const TemporaryFolder folder;
  std::vector<Dialogue> rows;
  for (int i = 0; i < 3; ++i) {
    for (std::size_t phase = 0; phase < 4; ++phase) {
      for (const char* task : {"alpaca", "gsm8k", "strategyqa", "topical_chat"}) {
        rows.push_back(message(task, phase, i));
      }
    }
  }
  write_corpus(folder / "stream", rows);
  const auto counts = write_stale_pool(folder / "stream", 100, std::nullopt, folder / "pool");
  BOOST_TEST(counts.rows == 12u);
  BOOST_TEST(counts.came_with == 1.0);
  BOOST_TEST(counts.stored == 1.0);
  for (const Dialogue& row : rows_of(folder / "pool")) {
    const bool alpaca = row.source == "alpaca" && (row.task == "phase-0" || row.task == "phase-1");
    const bool gsm8k = row.source == "gsm8k" && (row.task == "phase-1" || row.task == "phase-2");
    BOOST_TEST((alpaca || gsm8k));
  }
  BOOST_TEST(write_stale_pool(folder / "stream", 5, std::nullopt, folder / "few").rows == 5u);
}

BOOST_AUTO_TEST_CASE(StoredScoresAreMetAgainByTheEquation) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  write_corpus(folder / "stream", {message("alpaca", 0, 1)});
  write_stale_pool(folder / "stream", 5, Rescoring{scorer, 6, 1}, folder / "pool");
  const auto rows = rows_of(folder / "pool");
  const auto fresh = scorer.score({{rows[0].turns[0].text, rows[0].turns[1].text}})[0];
  BOOST_TEST((*rows[0].turns[1].satisfaction == rescore(one_hot(2), fresh, 6)));
}

BOOST_AUTO_TEST_SUITE_END()
