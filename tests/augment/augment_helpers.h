// Scorers of our own that leave no doubt, rows that they score, and what the augmenter makes of
// them.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "augment/augmenter.h"
#include "augment/preference_pair.h"
#include "augment/prefixes.h"
#include "core/error.h"
#include "core/hash.h"
#include "tests/augment/shared_wordnet.h"

namespace arf::test {

inline Satisfaction of_reward(float reward) { return {(1 - reward) / 2, 0, (1 + reward) / 2}; }

// A reward in [-0.4, 0.4] by the response's text; what stands before the prompt shifts it.
inline float reward_of(const PromptedResponse& input) {
  float reward = static_cast<float>(xxh3(input.response) % 1000) / 1250.0f - 0.4f;
  for (const char* task : {"", "gsm8k"}) {
    if (input.prompt.starts_with(prefixes_for(task).good)) reward += 0.5f;
    if (input.prompt.starts_with(prefixes_for(task).bad)) reward -= 0.5f;
  }
  return reward;
}

inline std::vector<Satisfaction> score_texts(const std::vector<PromptedResponse>& inputs) {
  std::vector<Satisfaction> scores;
  for (const PromptedResponse& input : inputs) scores.push_back(of_reward(reward_of(input)));
  return scores;
}

inline AugmentScorers scorers() {
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

inline constexpr const char* kReply =
    "The students quickly bought huge cars, and the doctors selected the largest movies.";

// u a u a u: two scored responses, each with a follow-up.
inline Dialogue scored_row(const std::string& id, bool with_scores = true) {
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

inline Result augment(const std::vector<Dialogue>& rows, const AugmentSettings& settings = {},
                      const AugmentScorers& with = scorers(), int threads = 1) {
  Result result;
  Augmenter augmenter(settings, shared_tools(), with, threads,
                      [&](const Dialogue& row) { result.rows.push_back(row); });
  for (const Dialogue& row : rows) augmenter.add(row);
  augmenter.finish();
  result.counts = augmenter.counts();
  return result;
}

inline std::vector<Dialogue> made_by(const Result& result, const std::string& augmentation) {
  std::vector<Dialogue> found;
  for (const Dialogue& row : result.rows) {
    if (row.provenance.augmentation == augmentation) found.push_back(row);
  }
  return found;
}

inline std::vector<Dialogue> many_rows(int count) {
  std::vector<Dialogue> rows;
  for (int i = 0; i < count; ++i) rows.push_back(scored_row("row-" + std::to_string(i)));
  return rows;
}

inline std::function<bool(const Error&)> says(const std::string& words, ExitCode code) {
  return [=](const Error& error) {
    BOOST_TEST(std::string(error.what()).find(words) != std::string::npos, error.what());
    return error.code() == code;
  };
}

}  // namespace arf::test
