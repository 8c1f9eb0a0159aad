#include "scoring/labeller.h"

#include "records/prompts.h"
#include "scoring/measures.h"

namespace arf {
namespace {

constexpr std::size_t kInputsPerBlock = 1024, kRowsPerBlock = 4096;

}  // namespace

bool Labeller::can_label(const Dialogue& dialogue, std::size_t i) const {
  if (dialogue.turns[i].role != TurnRole::kAssistant) return false;
  if (source_ == LabelSource::kResponse) return true;
  return i + 1 < dialogue.turns.size() && dialogue.turns[i + 1].role == TurnRole::kUser;
}

void Labeller::add(const Dialogue& dialogue) {
  const std::size_t before = inputs_;
  for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
    counts_.responses += dialogue.turns[i].role == TurnRole::kAssistant;
    inputs_ += can_label(dialogue, i);
  }
  ++counts_.rows;
  counts_.rows_without += inputs_ == before;
  block_.push_back(dialogue);
  bytes_ += num_held_bytes(dialogue);
  if (inputs_ >= kInputsPerBlock || block_.size() >= kRowsPerBlock || bytes_ >= kBytesPerBlock) {
    label_block();
  }
}

void Labeller::finish() { label_block(); }

void Labeller::label_block() {
  std::vector<ScorerInput> inputs;
  std::vector<Turn*> responses;
  for (Dialogue& dialogue : block_) {
    const auto prompts = prompts_of(dialogue);
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
      if (!can_label(dialogue, i)) continue;
      const bool follow_up = source_ == LabelSource::kFollowUp;
      inputs.push_back(follow_up ? ScorerInput{"", dialogue.turns[i + 1].text}
                                 : response_input(prompts[i], dialogue.turns[i].text));
      responses.push_back(&dialogue.turns[i]);
    }
  }
  const auto labels = score_all(scorer_, inputs, num_threads_);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Turn& response = *responses[i];
    if (response.satisfaction) {
      response.history.push_back(*response.satisfaction);
      ++counts_.replaced;
    }
    response.satisfaction = labels[i];
    ++counts_.labelled;
    ++counts_.classes[static_cast<std::size_t>(likeliest(labels[i]))];
    counts_.reward_sum += labels[i].reward();
  }
  for (const Dialogue& dialogue : block_) take_(dialogue);
  block_.clear();
  inputs_ = bytes_ = 0;
}

}  // namespace arf
