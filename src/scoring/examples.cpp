#include "scoring/examples.h"

#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "data_io/corpus.h"
#include "records/prompts.h"

namespace arf {
namespace {

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

ExampleSet read_labelled_texts(const Scorer& scorer, const std::vector<std::string>& corpora,
                               int num_threads, const std::string& mend) {
  struct Label {
    Satisfaction label;
    Side side;
    std::uint32_t source;
  };
  FrameQueue queue(scorer, num_threads);
  std::vector<Label> labels;
  ExampleSet set;
  set.sources = for_each_labelled_row(
      corpora, mend,
      [&](std::unique_ptr<const Dialogue> row, const std::vector<LabelledText>& texts) {
        std::vector<ScorerInput> inputs;
        for (const LabelledText& text : texts) {
          inputs.push_back({"", text.text});
          labels.push_back({text.label, text.side, text.source});
        }
        queue.add(std::move(row), inputs);
      });
  std::vector<FramedText> texts = queue.finish();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto& examples = labels[i].side == Side::kTest         ? set.test
                     : labels[i].side == Side::kValidation ? set.validation
                                                           : set.training;
    examples.push_back({std::move(texts[i]), labels[i].label, labels[i].source});
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

std::vector<Satisfaction> predict(const Scorer& scorer, const std::vector<Example>& examples,
                                  const Workers& workers) {
  std::vector<FramedText> texts;
  for (const Example& example : examples) texts.push_back(example.text);
  return score_all(scorer, texts, workers);
}

Measures measure_scorer(const Scorer& scorer, const std::vector<Example>& examples,
                        const Workers& workers) {
  std::vector<Satisfaction> labels;
  for (const Example& example : examples) labels.push_back(example.target);
  return measure(predict(scorer, examples, workers), labels);
}

}  // namespace arf
