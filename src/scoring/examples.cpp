#include "scoring/examples.h"

#include <array>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/philox.h"
#include "data_io/corpus.h"

namespace arf {
namespace {

constexpr std::uint64_t kParts = 20;             // one for validation, one for the test
constexpr std::uint64_t kHeldSalt = 0x68656c64;  // not the hash that importers split by
constexpr std::size_t kTextsPerUnit = 256;

struct LabelledInput {
  ScorerInput input;
  Satisfaction target;
};

std::vector<Example> tokenize(const Scorer& scorer, const std::vector<LabelledInput>& texts,
                              int num_threads) {
  std::vector<Example> examples(texts.size());
  const std::size_t units = (texts.size() + kTextsPerUnit - 1) / kTextsPerUnit;
  parallel_for(units, num_threads, [&](std::size_t unit) {
    const std::size_t last = std::min(texts.size(), (unit + 1) * kTextsPerUnit);
    for (std::size_t i = unit * kTextsPerUnit; i < last; ++i) {
      examples[i] = {scorer.frame(texts[i].input), texts[i].target};
    }
  });
  return examples;
}

}  // namespace

std::string user_turn_before(const Dialogue& dialogue, std::size_t turn) {
  while (turn-- > 0) {
    if (dialogue.turns[turn].role == TurnRole::kUser) return dialogue.turns[turn].text;
  }
  return "";
}

Side side_of(const ScorerInput& input) {
  const std::uint64_t part = mix64(xxh3(input.prompt + '\0' + input.text) ^ kHeldSalt) % kParts;
  return part == 0 ? Side::kTest : part == 1 ? Side::kValidation : Side::kTraining;
}

ExampleSet read_labelled_texts(const Scorer& scorer, const std::vector<std::string>& corpora,
                               int num_threads, const std::string& mend) {
  std::array<std::vector<LabelledInput>, 3> sides;
  for (const std::string& corpus : corpora) {
    std::size_t count = 0;
    CorpusReader(corpus).for_each([&](std::uint64_t, const Dialogue& dialogue) {
      for (const Turn& turn : dialogue.turns) {
        if (turn.role != TurnRole::kUser || !turn.satisfaction) continue;
        const ScorerInput input{"", turn.text};
        sides[static_cast<std::size_t>(side_of(input))].push_back({input, *turn.satisfaction});
        ++count;
      }
    });
    if (count == 0) {
      input_error("{}: no user's turn has a satisfaction, so there is nothing to learn from; {}",
                  corpus, mend);
    }
  }
  return {tokenize(scorer, sides[0], num_threads), tokenize(scorer, sides[1], num_threads),
          tokenize(scorer, sides[2], num_threads)};
}

std::vector<FeedbackMessage> read_feedback(const Scorer& scorer, const std::string& corpus,
                                           int num_threads) {
  std::vector<FeedbackMessage> messages;
  std::vector<LabelledInput> texts;
  CorpusReader(corpus).for_each([&](std::uint64_t row, const Dialogue& dialogue) {
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
      const Turn& turn = dialogue.turns[i];
      if (turn.role != TurnRole::kAssistant || !turn.satisfaction) continue;
      texts.push_back({{user_turn_before(dialogue, i), turn.text}, *turn.satisfaction});
      FeedbackMessage message;
      message.row = row;
      message.turn = static_cast<std::uint32_t>(i);
      message.held = is_held_out(texts.back().input);
      message.stored = *turn.satisfaction;
      messages.push_back(std::move(message));
    }
  });
  if (messages.empty()) {
    input_error(
        "{}: no response has a satisfaction, so there is no feedback to follow; label the "
        "corpus first with `arf label`",
        corpus);
  }
  auto examples = tokenize(scorer, texts, num_threads);
  for (std::size_t i = 0; i < messages.size(); ++i) messages[i].example = std::move(examples[i]);
  return messages;
}

Measures measure_scorer(const Scorer& scorer, const std::vector<Example>& examples,
                        const Workers& workers) {
  std::vector<FramedText> texts;
  std::vector<Satisfaction> labels;
  for (const Example& example : examples) {
    texts.push_back(example.text);
    labels.push_back(example.target);
  }
  return measure(score_all(scorer, texts, workers), labels);
}

}  // namespace arf
