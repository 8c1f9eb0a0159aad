// Rows with their children, under scorers of our own that leave no doubt.
#include "augment/augmenter.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

#include "augment/preference_pair.h"
#include "augment/prefixes.h"
#include "core/error.h"
#include "core/hash.h"
#include "tests/augment/shared_wordnet.h"

using namespace arf;

namespace {

Satisfaction of_reward(float reward) { return {(1 - reward) / 2, 0, (1 + reward) / 2}; }

// A reward in [-0.4, 0.4] by the response's text; what stands before the prompt shifts it.
float reward_of(const PromptedResponse& input) {
  float reward = static_cast<float>(xxh3(input.response) % 1000) / 1250.0f - 0.4f;
  for (const char* task : {"", "gsm8k"}) {
    if (input.prompt.starts_with(prefixes_for(task).good)) reward += 0.5f;
    if (input.prompt.starts_with(prefixes_for(task).bad)) reward -= 0.5f;
  }
  return reward;
}

std::vector<Satisfaction> score_texts(const std::vector<PromptedResponse>& inputs) {
  std::vector<Satisfaction> scores;
  for (const PromptedResponse& input : inputs) scores.push_back(of_reward(reward_of(input)));
  return scores;
}

AugmentScorers scorers() {
  AugmentScorers made;
  made.arf = score_texts;
  made.fixed = [](const std::vector<std::string>& texts) {
    return std::vector<Satisfaction>(texts.size(), Satisfaction{0, 0, 1});
  };
  made.biased = [](const Satisfaction& arf, const Satisfaction& fixed) {
    return Satisfaction{(arf.bad + fixed.bad) / 2, (arf.neutral + fixed.neutral) / 2,
                        (arf.good + fixed.good) / 2};
  };
  return made;
}

constexpr const char* kReply =
    "The students quickly bought huge cars, and the doctors selected the largest movies.";

// u a u a u: two scored responses, each with a follow-up.
Dialogue scored_row(const std::string& id, bool with_scores = true) {
  Dialogue row;
  row.id = id;
  row.source = "test";
  row.task = "test";
  row.turns = {{TurnRole::kUser, "What did they do?", {}, {}},
               {TurnRole::kAssistant, kReply, {}, {}},
               {TurnRole::kUser, "Big thanks! And then?", {}, {}},
               {TurnRole::kAssistant, "They purchased an automobile.", {}, {}},
               {TurnRole::kUser, "Great.", {}, {}}};
  if (with_scores) {
    row.turns[1].satisfaction = of_reward(0.5f);
    row.turns[3].satisfaction = of_reward(-0.25f);
  }
  return row;
}

struct Result {
  std::vector<Dialogue> rows;
  AugmentCounts counts;
};

Result augment(const std::vector<Dialogue>& rows, const AugmentSettings& settings = {},
               const AugmentScorers& with = scorers(), int threads = 1) {
  Result result;
  Augmenter augmenter(settings, shared_tools(), with, threads,
                      [&](const Dialogue& row) { result.rows.push_back(row); });
  for (const Dialogue& row : rows) augmenter.add(row);
  augmenter.finish();
  result.counts = augmenter.counts();
  return result;
}

std::vector<Dialogue> made_by(const Result& result, const std::string& augmentation) {
  std::vector<Dialogue> found;
  for (const Dialogue& row : result.rows) {
    if (row.provenance.augmentation == augmentation) found.push_back(row);
  }
  return found;
}

std::vector<Dialogue> many_rows(int count) {
  std::vector<Dialogue> rows;
  for (int i = 0; i < count; ++i) rows.push_back(scored_row("row-" + std::to_string(i)));
  return rows;
}

std::function<bool(const Error&)> says(const std::string& words, ExitCode code) {
  return [=](const Error& error) {
    BOOST_TEST(std::string(error.what()).find(words) != std::string::npos, error.what());
    return error.code() == code;
  };
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(PairsHaveOneContextAndTheHigherScoreChosen) {
  const Result result = augment(many_rows(50));
  const auto pairs = made_by(result, "prefix");
  BOOST_TEST(pairs.size() == result.counts.pairs);
  BOOST_TEST(pairs.size() == 50u);
  for (const Dialogue& pair : pairs) {
    const Dialogue row = scored_row(pair.provenance.parent);
    BOOST_REQUIRE(pair.turns.size() == 4u);  // the follow-up is no part of it
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((pair.turns[i] == row.turns[i]));
    BOOST_REQUIRE(pair.rejected && pair.rejected_satisfaction && pair.turns[3].satisfaction);
    BOOST_TEST(pair.turns[3].text != *pair.rejected);
    BOOST_TEST(pair.turns[3].satisfaction->reward() > pair.rejected_satisfaction->reward());
    // The order is the bare scores', the distance the prefixes'.
    const float chosen = reward_of({row.turns[2].text, pair.turns[3].text});
    const float rejected = reward_of({row.turns[2].text, *pair.rejected});
    BOOST_TEST(chosen > rejected);
    BOOST_TEST(std::fabs(pair.turns[3].satisfaction->reward() - (chosen + 0.5f)) < 1e-6);
    BOOST_TEST(std::fabs(pair.rejected_satisfaction->reward() - (rejected - 0.5f)) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(LastScoredResponseThatHasVariantsMakesThePair) {
  Dialogue row = scored_row("row-1");
  row.turns[3].text = "Yes.";
  const Result result = augment({row});
  const auto pairs = made_by(result, "prefix");
  BOOST_REQUIRE(pairs.size() == 1u);
  BOOST_TEST(pairs[0].turns.size() == 2u);
  row.turns[1].satisfaction.reset();
  AugmentScorers no_static = scorers();
  no_static.fixed = nullptr;
  const Result none = augment({row}, {}, no_static);
  BOOST_TEST(none.counts.pairs == 0u);
  BOOST_TEST(none.counts.pairs_without_variants == 1u);
}

BOOST_AUTO_TEST_CASE(EachResponseIsScoredOnce) {
  std::map<std::string, int> times;
  AugmentScorers counting = scorers();
  counting.arf = [&](const std::vector<PromptedResponse>& inputs) {
    for (const PromptedResponse& input : inputs) ++times[input.prompt + '|' + input.response];
    return score_texts(inputs);
  };
  Dialogue row = scored_row("row-1");
  row.turns[3].text = "Yes.";  // the same in all variants
  augment({row}, {}, counting);
  BOOST_TEST(times.size() > 4u);
  for (const auto& [input, count] : times) BOOST_TEST(count == 1, input);
}

BOOST_AUTO_TEST_CASE(PairsWithoutPrefixesHaveBareScores) {
  AugmentSettings settings;
  settings.prefixes = false;
  const Result result = augment({scored_row("row-1")}, settings);
  const auto pairs = made_by(result, "pair");
  BOOST_REQUIRE(pairs.size() == 1u);
  BOOST_TEST(made_by(result, "prefix").empty());
  const float bare = reward_of({"Big thanks! And then?", pairs[0].turns[3].text});
  BOOST_TEST(std::fabs(pairs[0].turns[3].satisfaction->reward() - bare) < 1e-6);
}

BOOST_AUTO_TEST_CASE(PairsThatDoNotDifferEnoughAreLeftOutAndCounted) {
  AugmentScorers same = scorers();
  same.arf = [](const std::vector<PromptedResponse>& inputs) {
    return std::vector<Satisfaction>(inputs.size(), of_reward(0.1f));
  };
  const Result equal = augment(many_rows(3), {}, same);
  BOOST_TEST(equal.counts.pairs == 0u);
  BOOST_TEST(equal.counts.pairs_below_gap == 3u);

  // Prefixes make no difference where there is none.
  AugmentScorers only_prefixes = scorers();
  only_prefixes.arf = [](const std::vector<PromptedResponse>& inputs) {
    std::vector<Satisfaction> scores;
    for (const PromptedResponse& input : inputs) {
      scores.push_back(of_reward(reward_of(input) - reward_of({"", input.response})));
    }
    return scores;
  };
  const Result prefixed = augment(many_rows(3), {}, only_prefixes);
  BOOST_TEST(prefixed.counts.pairs == 0u);
  BOOST_TEST(prefixed.counts.pairs_below_gap == 3u);

  AugmentSettings settings;
  settings.min_gap = 1.9;
  const Result near = augment(many_rows(3), settings);
  BOOST_TEST(near.counts.pairs == 0u);
  BOOST_TEST(near.counts.pairs_below_gap == 3u);
}

BOOST_AUTO_TEST_CASE(PairsWhoseOrderThePrefixesTurnAreLeftOut) {
  AugmentScorers contrary = scorers();
  contrary.arf = [](const std::vector<PromptedResponse>& inputs) {
    std::vector<Satisfaction> scores;
    for (const PromptedResponse& input : inputs) {
      const bool praised = input.prompt.starts_with(prefixes_for("").good);
      const bool blamed = input.prompt.starts_with(prefixes_for("").bad);
      const float bare = static_cast<float>(xxh3(input.response) % 1000) / 1250.0f - 0.4f;
      scores.push_back(of_reward(praised ? -0.9f : blamed ? 0.9f : bare));
    }
    return scores;
  };
  const Result result = augment(many_rows(3), {}, contrary);
  BOOST_TEST(result.counts.pairs == 0u);
  BOOST_TEST(result.counts.pairs_turned == 3u);
}

BOOST_AUTO_TEST_CASE(ThreadsAndBlocksDoNotMatter) {
  const std::vector<Dialogue> rows = many_rows(600);  // more than two blocks
  const Result one = augment(rows);
  const Result three = augment(rows, {}, scorers(), 3);
  BOOST_TEST((one.rows == three.rows));
  // Nor does what else is in the corpus.
  const Result last = augment({rows.back()});
  BOOST_TEST(std::equal(last.rows.begin(), last.rows.end(), one.rows.end() - 7));
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

BOOST_AUTO_TEST_CASE(EveryTaskHasTwoPrefixes) {
  for (const char* task : {"gsm8k", "strategyqa", "alpaca", "topical_chat", "cnn_dailymail", "?"}) {
    const Prefixes prefixes = prefixes_for(task);
    BOOST_TEST(!prefixes.good.empty());
    BOOST_TEST(!prefixes.bad.empty());
    BOOST_TEST(prefixes.good != prefixes.bad);
  }
  BOOST_TEST(prefixes_for("gsm8k").good != prefixes_for("alpaca").good);
  BOOST_TEST(with_prefix("A:", "b") == "A:\nb");
}

BOOST_AUTO_TEST_CASE(ExtremesAreTheFirstOfEquals) {
  const Extremes found =
      extremes_of({of_reward(0), of_reward(0.5f), of_reward(0.5f), of_reward(-1), of_reward(-1)});
  BOOST_TEST(found.best == 1u);
  BOOST_TEST(found.worst == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
