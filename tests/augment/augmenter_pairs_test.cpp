// Preference pairs: one context, the higher score chosen, prefixes that do not turn it.
#include "tests/augment/augment_helpers.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(augmenter_pairs_test)

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
    for (const PromptedResponse& input : inputs)
      ++times[std::string(input.prompt) + '|' + std::string(input.response)];
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
