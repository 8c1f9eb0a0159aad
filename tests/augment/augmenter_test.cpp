// Rows with their children.
#include "tests/augment/augment_helpers.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(augmenter_test)

BOOST_AUTO_TEST_CASE(ARowIsFollowedByItsChildren) {
  const Dialogue row = scored_row("row-1");
  const Result result = augment({row});
  BOOST_REQUIRE(result.rows.size() == 7u);
  BOOST_TEST((result.rows[0] == row));
  for (int round = 1; round <= 4; ++round) {
    const Dialogue& variant = result.rows[static_cast<std::size_t>(round)];
    BOOST_TEST(variant.id == "row-1-synonym-" + std::to_string(round));
    BOOST_TEST(variant.provenance.parent == "row-1");
    BOOST_TEST(variant.provenance.augmentation == "synonym");
    BOOST_TEST(variant.provenance.random_key == xxh3("row-1"));
    BOOST_TEST(variant.turns[1].text != kReply);
    for (const std::size_t user : {0, 2, 4}) BOOST_TEST((variant.turns[user] == row.turns[user]));
  }
  BOOST_TEST(result.rows[5].id == "row-1-truncate");
  BOOST_TEST(result.rows[6].id == "row-1-pair");
  BOOST_TEST(result.counts.written == 7u);
  BOOST_TEST(result.counts.synonyms == 4u);
}

BOOST_AUTO_TEST_CASE(ScoresOfChildrenAreBiasedOnes) {
  const Dialogue row = scored_row("row-1");
  const Result result = augment({row});
  std::size_t checked = 0;
  for (const Dialogue& child : result.rows) {
    if (child.provenance.augmentation.empty() || child.rejected) continue;
    for (const std::size_t turn : {1, 3}) {
      if (turn >= child.turns.size()) continue;
      const PromptedResponse input{child.turns[turn - 1].text, child.turns[turn].text};
      const Satisfaction wanted =
          scorers().biased(of_reward(reward_of(input)), *row.turns[turn].satisfaction);
      BOOST_REQUIRE(child.turns[turn].satisfaction.has_value());
      BOOST_TEST((*child.turns[turn].satisfaction == wanted));
      ++checked;
    }
  }
  BOOST_TEST(checked == 9u);  // four variants of two responses, one in the cut trace
  BOOST_TEST(result.counts.scored == 9u);
}

BOOST_AUTO_TEST_CASE(ThreadsAndBlocksDoNotMatter) {
  const std::vector<Dialogue> rows = many_rows(600);  // more than two blocks
  const Result one = augment(rows);
  const Result three = augment(rows, {}, scorers(), 3);
  BOOST_TEST((one.rows == three.rows));
  // Nor does what else is in the corpus.
  const Result last = augment({rows.back()});
  BOOST_REQUIRE(last.rows.size() >= 5u);
  BOOST_TEST(std::equal(last.rows.begin(), last.rows.end(),
                        one.rows.end() - static_cast<std::ptrdiff_t>(last.rows.size())));
}

BOOST_AUTO_TEST_CASE(SeedChangesTheVariants) {
  AugmentSettings other;
  other.seed = 2;
  const auto rows = many_rows(5);
  BOOST_TEST((augment(rows).rows == augment(rows).rows));
  BOOST_TEST((augment(rows).rows != augment(rows, other).rows));
}

BOOST_AUTO_TEST_CASE(RowsOfOneTextHaveNumbersOfTheirOwn) {
  const auto texts = [](const std::string& id) {
    std::vector<std::string> found;
    for (const Dialogue& row : made_by(augment({scored_row(id)}), "synonym")) {
      found.push_back(row.turns[1].text);
    }
    return found;
  };
  BOOST_TEST((texts("row-1") == texts("row-1")));
  BOOST_TEST((texts("row-1") != texts("row-2")));
}

BOOST_AUTO_TEST_CASE(IdsAreUnique) {
  const Result result = augment(many_rows(40));
  std::set<std::string> ids;
  for (const Dialogue& row : result.rows) BOOST_TEST(ids.insert(row.id).second, row.id);
}

BOOST_AUTO_TEST_CASE(MissingScoresComeFromFollowUpsOrStayMissing) {
  const Result found = augment({scored_row("row-1", false)});
  BOOST_TEST(found.rows[1].turns[1].satisfaction.has_value());
  BOOST_TEST(!found.rows[0].turns[1].satisfaction.has_value());  // the original is untouched
  BOOST_TEST(found.counts.pairs == 1u);

  AugmentScorers no_static = scorers();
  no_static.fixed = nullptr;
  const Result mixed = augment({scored_row("row-1", false), scored_row("row-2")}, {}, no_static);
  BOOST_TEST(mixed.counts.without_score == 1u);
  BOOST_TEST(mixed.counts.pairs == 1u);
  for (const Dialogue& row : mixed.rows) {
    if (row.provenance.parent == "row-1") BOOST_TEST(!row.turns[1].satisfaction.has_value());
  }
  BOOST_CHECK_EXCEPTION(augment({scored_row("row-1", false)}, {}, no_static), Error,
                        says("arf label", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(WithoutScorersThereAreVariantsAndNoScores) {
  AugmentSettings settings;
  settings.pairs = false;
  const Result result = augment({scored_row("row-1")}, settings, {});
  BOOST_TEST(result.rows.size() == 6u);
  BOOST_TEST(!result.rows[1].turns[1].satisfaction.has_value());
  settings.pairs = true;
  BOOST_CHECK_EXCEPTION(augment({scored_row("row-1")}, settings, {}), Error,
                        says("--scorer.path", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(PairsLabelledTextsAndChildrenStayAsTheyAre) {
  Dialogue pair = scored_row("pair");
  pair.turns.resize(4);
  pair.rejected = "No.";
  Dialogue child = scored_row("child");
  child.provenance.augmentation = "synonym";
  Dialogue labelled;
  labelled.id = "text";
  labelled.turns = {{TurnRole::kUser, "They bought a car.", Satisfaction{0, 0, 1}, {}}};
  Dialogue opening = labelled;
  opening.id = "opening";
  opening.turns[0].role = TurnRole::kAssistant;
  opening.turns[0].text = "Hm.";
  const Result result = augment({pair, child, labelled, opening, scored_row("row-1")});
  BOOST_TEST(result.rows.size() == 4u + 7u);
  BOOST_TEST(result.counts.kept_as_they_were == 2u);
  BOOST_TEST(result.counts.without_response == 2u);
  BOOST_TEST((result.rows[0] == pair));
  BOOST_TEST((result.rows[2] == labelled));
}

BOOST_AUTO_TEST_CASE(SwitchesSwitch) {
  AugmentSettings settings;
  settings.keep_originals = false;
  settings.synonym_rounds = 2;
  settings.truncate = false;
  settings.pairs = false;
  const Result result = augment({scored_row("row-1")}, settings);
  BOOST_REQUIRE(result.rows.size() == 2u);
  BOOST_TEST(result.rows[1].id == "row-1-synonym-2");
  settings.synonym_rounds = 0;
  settings.pairs = true;
  BOOST_TEST(augment({scored_row("row-1")}, settings).counts.pairs_without_variants == 1u);
}

BOOST_AUTO_TEST_CASE(RoundsThatRepeatThemselvesAreCountedNotWritten) {
  Dialogue row = scored_row("row-1");
  row.turns.resize(2);
  row.turns[1].text = "They bought them.";  // one word, one synonym
  const Result result = augment({row});
  BOOST_TEST(result.counts.synonyms == 1u);
  BOOST_TEST(result.counts.synonyms_unchanged == 3u);
  row.turns[1].text = "Yes.";
  const Result none = augment({row});
  BOOST_TEST(none.counts.synonyms == 0u);
  BOOST_TEST(none.counts.pairs_without_variants == 1u);
  BOOST_TEST(none.rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(SettingsOutOfRangeAreUsageErrors) {
  const auto refused = [](const char* key, const std::function<void(AugmentSettings&)>& change) {
    AugmentSettings settings;
    change(settings);
    BOOST_CHECK_EXCEPTION(augment({}, settings), Error, says(key, ExitCode::kUsage));
  };
  refused("synonym_rounds", [](AugmentSettings& s) { s.synonym_rounds = -1; });
  refused("synonym_share", [](AugmentSettings& s) { s.synonym_share = 1.5; });
  refused("synonym_share", [](AugmentSettings& s) { s.synonym_share = std::nan(""); });
  refused("synonym_most", [](AugmentSettings& s) { s.synonym_most = 0; });
  refused("min_gap", [](AugmentSettings& s) { s.min_gap = 2; });
}

BOOST_AUTO_TEST_SUITE_END()
