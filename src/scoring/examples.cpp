#include "scoring/examples.h"

#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "core/hash.h"
#include "core/philox.h"
#include "data_io/corpus.h"
#include "records/prompts.h"

namespace arf {
namespace {

constexpr std::uint64_t kParts = 20;             // one for validation, one for the test
constexpr std::uint64_t kHeldSalt = 0x68656c64;  // not the hash that importers split by
constexpr std::size_t kInputsPerBlock = 4096;

// Texts of rows that wait to be framed, side by side. A row's own are held until then.
class FrameQueue {
 public:
  FrameQueue(const Scorer& scorer, int num_threads) : scorer_(scorer), num_threads_(num_threads) {}

  // `inputs` are of the texts of `row`, which is kept for them: its texts stay where they are.
  void add(std::unique_ptr<const Dialogue> row, std::span<const ScorerInput> inputs) {
    if (inputs.empty()) return;
    inputs_.insert(inputs_.end(), inputs.begin(), inputs.end());
    bytes_ += num_held_bytes(*row);
    rows_.push_back(std::move(row));
    if (bytes_ >= kBytesPerBlock || inputs_.size() >= kInputsPerBlock) frame();
  }
  // The frames of all that was added, in order.
  std::vector<FramedText> finish() {
    frame();
    return std::move(texts_);
  }

 private:
  void frame() {
    std::vector<FramedText> texts = frame_all(scorer_, inputs_, num_threads_);
    std::move(texts.begin(), texts.end(), std::back_inserter(texts_));
    inputs_.clear();
    rows_.clear();
    bytes_ = 0;
  }

  const Scorer& scorer_;
  int num_threads_;
  std::vector<std::unique_ptr<const Dialogue>> rows_;
  std::vector<ScorerInput> inputs_;
  std::size_t bytes_ = 0;
  std::vector<FramedText> texts_;
};

}  // namespace

Side side_of(const ScorerInput& input) {
  std::string both(input.prompt);
  both += '\0';
  both += input.text;
  const std::uint64_t part = mix64(xxh3(both) ^ kHeldSalt) % kParts;
  return part == 0 ? Side::kTest : part == 1 ? Side::kValidation : Side::kTraining;
}

ExampleSet read_labelled_texts(const Scorer& scorer, const std::vector<std::string>& corpora,
                               int num_threads, const std::string& mend) {
  FrameQueue queue(scorer, num_threads);
  std::vector<std::pair<Side, Satisfaction>> labels;
  for (const std::string& corpus : corpora) {
    const std::size_t before = labels.size();
    CorpusReader(corpus).for_each([&](std::uint64_t, const Dialogue& dialogue) {
      auto row = std::make_unique<const Dialogue>(dialogue);
      std::vector<ScorerInput> inputs;
      for (const Turn& turn : row->turns) {
        if (turn.role != TurnRole::kUser || !turn.satisfaction) continue;
        inputs.push_back({"", turn.text});
        labels.emplace_back(side_of(inputs.back()), *turn.satisfaction);
      }
      queue.add(std::move(row), inputs);
    });
    if (labels.size() == before) {
      input_error("{}: no user's turn has a satisfaction, so there is nothing to learn from; {}",
                  corpus, mend);
    }
  }
  std::vector<FramedText> texts = queue.finish();
  ExampleSet set;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto [side, label] = labels[i];
    auto& examples = side == Side::kTest         ? set.test
                     : side == Side::kValidation ? set.validation
                                                 : set.training;
    examples.push_back({std::move(texts[i]), label});
  }
  return set;
}

std::vector<FeedbackMessage> read_feedback(const Scorer& scorer, const std::string& corpus,
                                           int num_threads) {
  std::vector<FeedbackMessage> messages;
  FrameQueue queue(scorer, num_threads);
  CorpusReader(corpus).for_each([&](std::uint64_t number, const Dialogue& dialogue) {
    auto row = std::make_unique<const Dialogue>(dialogue);
    const auto prompts = prompts_of(*row);
    std::vector<ScorerInput> inputs;
    for (std::size_t i = 0; i < row->turns.size(); ++i) {
      const Turn& turn = row->turns[i];
      if (turn.role != TurnRole::kAssistant || !turn.satisfaction) continue;
      inputs.push_back(response_input(prompts[i], turn.text));
      FeedbackMessage message;
      message.row = number;
      message.turn = static_cast<std::uint32_t>(i);
      message.example.target = *turn.satisfaction;
      message.held = is_held_out(inputs.back());
      message.stored = *turn.satisfaction;
      messages.push_back(std::move(message));
    }
    queue.add(std::move(row), inputs);
  });
  if (messages.empty()) {
    input_error(
        "{}: no response has a satisfaction, so there is no feedback to follow; label the "
        "corpus first with `arf label`",
        corpus);
  }
  std::vector<FramedText> texts = queue.finish();
  for (std::size_t i = 0; i < messages.size(); ++i) messages[i].example.text = std::move(texts[i]);
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
