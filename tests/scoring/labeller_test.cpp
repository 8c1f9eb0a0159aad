#include "scoring/labeller.h"

#include <sys/resource.h>

#include "scoring/preference_bias.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

std::vector<Dialogue> label_all(const Scorer& scorer, const std::vector<Dialogue>& rows,
                                int num_threads, LabelCounts* counts,
                                LabelSource source = LabelSource::kFollowUp) {
  Labeller labeller(scorer, source, num_threads);
  for (const Dialogue& row : rows) labeller.add(row);
  const std::vector<Satisfaction> scores = labeller.finish();
  std::vector<Dialogue> labelled = rows;
  *counts = {};
  std::size_t next = 0;
  for (Dialogue& row : labelled) {
    const std::size_t count = labelled_turns(row, source).size();
    put_labels(source, 0, std::span(scores).subspan(next, count), &row, counts);
    next += count;
  }
  BOOST_TEST(next == scores.size());
  return labelled;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(labeller_test)

BOOST_AUTO_TEST_CASE(AResponseGetsWhatTheScorerReadsInItsFollowUp) {
  const Scorer scorer = stirred_scorer();
  Dialogue row = feedback_row(3);
  row.turns.push_back({TurnRole::kAssistant, "the answer", std::nullopt, {}});
  row.turns.push_back({TurnRole::kUser, "awful", std::nullopt, {}});
  row.turns.push_back({TurnRole::kAssistant, "the end", Satisfaction{0, 1, 0}, {}});
  LabelCounts counts;
  const Dialogue labelled = label_all(scorer, {row}, 1, &counts).at(0);
  const auto opinion = [&](const std::string& text) { return scorer.score({{"", text}})[0]; };
  BOOST_TEST((labelled.turns[1].satisfaction == opinion(row.turns[2].text)));
  BOOST_TEST((labelled.turns[1].history == std::vector{*row.turns[1].satisfaction}));
  BOOST_TEST((labelled.turns[3].satisfaction == opinion("awful")));
  BOOST_TEST(labelled.turns[3].history.empty());
  // Nothing follows the last one, and a user's own turns are left alone.
  BOOST_TEST((labelled.turns[5] == row.turns[5]));
  BOOST_TEST((labelled.turns[2] == row.turns[2]));
  BOOST_TEST(counts.responses == 3u);
  BOOST_TEST(counts.labelled == 2u);
  BOOST_TEST(counts.replaced == 1u);
  BOOST_TEST(counts.rows_without == 0u);
}

BOOST_AUTO_TEST_CASE(APromptOfManyRepliesIsHeldOnce) {
  Dialogue row = labelled_text(1);
  for (int i = 0; i < 100'000; ++i) row.turns[0].text += "abc ";
  for (int i = 0; i < 1500; ++i) row.turns.push_back({TurnRole::kAssistant, "great", {}, {}});
  const auto peak_kb = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = peak_kb();
  LabelCounts counts;
  const auto labelled = label_all(stirred_scorer(), {row}, 1, &counts, LabelSource::kResponse);
  BOOST_TEST(counts.labelled == 1500u);
  BOOST_TEST((labelled[0].turns[1].satisfaction == labelled[0].turns[1500].satisfaction));
  BOOST_TEST(peak_kb() - before < 300'000);  // a copy for each reply would be 600 MB
}

BOOST_AUTO_TEST_CASE(RowsWithoutAFollowUpAreKeptAndCounted) {
  Dialogue lone = labelled_text(1), single = feedback_row(2), twice = feedback_row(4);
  single.turns.pop_back();
  twice.turns.insert(twice.turns.begin() + 2, {TurnRole::kAssistant, "more", std::nullopt, {}});
  LabelCounts counts;
  const auto labelled = label_all(stirred_scorer(), {lone, single, twice}, 1, &counts);
  BOOST_TEST((labelled[0] == lone));
  BOOST_TEST((labelled[1] == single));
  BOOST_TEST((labelled[2].turns[1] == twice.turns[1]));  // another response stands between
  BOOST_TEST(labelled[2].turns[2].satisfaction.has_value());
  BOOST_TEST(counts.rows == 3u);
  BOOST_TEST(counts.rows_without == 2u);
}

BOOST_AUTO_TEST_CASE(TheArfScorersOwnOpinionNeedsNoFollowUp) {
  const Scorer scorer = stirred_scorer();
  Dialogue row = feedback_row(2);
  row.turns.pop_back();
  LabelCounts counts;
  const auto labelled =
      label_all(scorer, {labelled_text(1), row}, 1, &counts, LabelSource::kResponse);
  BOOST_TEST((labelled[1].turns[1].satisfaction ==
              scorer.score({{row.turns[0].text, row.turns[1].text}})[0]));
  BOOST_TEST(counts.labelled == 1u);
  BOOST_TEST(counts.rows_without == 1u);
}

BOOST_AUTO_TEST_CASE(AStoredScoreIsMetAgain) {
  Dialogue row = feedback_row(3);
  const Satisfaction before = *row.turns[1].satisfaction, fresh{0.2f, 0.3f, 0.5f};
  LabelCounts counts;
  put_labels(LabelSource::kFollowUp, 6, std::span(&fresh, 1), &row, &counts);
  BOOST_TEST((row.turns[1].satisfaction == rescore(before, fresh, 6)));
  BOOST_TEST(!(*row.turns[1].satisfaction == fresh));
  BOOST_TEST((row.turns[1].history == std::vector{before}));
  Dialogue unscored = feedback_row(3);
  unscored.turns[1].satisfaction.reset();
  put_labels(LabelSource::kFollowUp, 6, std::span(&fresh, 1), &unscored, &counts);
  BOOST_TEST((unscored.turns[1].satisfaction == fresh));
  BOOST_TEST(unscored.turns[1].history.empty());
  BOOST_TEST(counts.replaced == 1u);
}

BOOST_AUTO_TEST_CASE(WhatIsTakenIsCountedAsIfItWereScored) {
  const Scorer scorer = stirred_scorer();
  std::vector<Dialogue> rows = {feedback_row(1), labelled_text(2), feedback_row(3)};
  for (Dialogue& row : rows) row.turns.back().satisfaction.reset();
  LabelCounts counts, taken;
  for (const Dialogue& row : label_all(scorer, rows, 1, &counts)) {
    count_taken(LabelSource::kFollowUp, row, &taken);
  }
  BOOST_TEST(taken.taken == 2u);
  taken.taken = 0;
  taken.replaced = counts.replaced;
  BOOST_TEST(to_json(taken) == to_json(counts));
  BOOST_TEST(to_json(label_counts_of(to_json(counts))) == to_json(counts));
}

BOOST_AUTO_TEST_CASE(BlocksAndThreadsChangeNothing) {
  const Scorer scorer = stirred_scorer();
  std::vector<Dialogue> rows;
  for (std::uint64_t i = 0; i < 2300; ++i) {  // more than two blocks
    rows.push_back(i % 3 == 0 ? labelled_text(i) : feedback_row(i));
  }
  LabelCounts counts, again;
  const auto one = label_all(scorer, rows, 1, &counts), two = label_all(scorer, rows, 2, &again);
  BOOST_TEST((one == two));
  BOOST_REQUIRE(one.size() == rows.size());
  for (const std::size_t i : {1u, 1535u, 1536u, 2299u}) {
    BOOST_TEST(one[i].id == rows[i].id);
    if (i % 3 == 0) continue;
    BOOST_TEST((one[i].turns[1].satisfaction == scorer.score({{"", rows[i].turns[2].text}})[0]));
  }
  BOOST_TEST(counts.classes[0] + counts.classes[1] + counts.classes[2] == counts.labelled);
}

BOOST_AUTO_TEST_SUITE_END()
