#include "scoring/labeller.h"

#include "scoring/measures.h"

namespace arf {
namespace {

constexpr std::size_t kFollowUpsPerBlock = 1024, kRowsPerBlock = 4096;

// True where turn i is a response that a user's turn follows.
bool has_follow_up(const Dialogue& dialogue, std::size_t i) {
  return dialogue.turns[i].role == TurnRole::kAssistant && i + 1 < dialogue.turns.size() &&
         dialogue.turns[i + 1].role == TurnRole::kUser;
}

}  // namespace

void Labeller::add(const Dialogue& dialogue) {
  const std::size_t before = follow_ups_;
  for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
    counts_.responses += dialogue.turns[i].role == TurnRole::kAssistant;
    follow_ups_ += has_follow_up(dialogue, i);
  }
  ++counts_.rows;
  counts_.rows_without += follow_ups_ == before;
  block_.push_back(dialogue);
  if (follow_ups_ >= kFollowUpsPerBlock || block_.size() >= kRowsPerBlock) label_block();
}

void Labeller::finish() { label_block(); }

void Labeller::label_block() {
  std::vector<ScorerInput> inputs;
  std::vector<Turn*> responses;
  for (Dialogue& dialogue : block_) {
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
      if (!has_follow_up(dialogue, i)) continue;
      inputs.push_back({"", dialogue.turns[i + 1].text});
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
  follow_ups_ = 0;
}

}  // namespace arf
