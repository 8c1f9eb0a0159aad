#include "scoring/labeller.h"

#include <utility>

#include "records/prompts.h"

namespace arf {
namespace {

constexpr std::size_t kInputsPerBlock = 1024, kRowsPerBlock = 4096;

}  // namespace

void Labeller::add(Dialogue dialogue) {
  inputs_ += labelled_turns(dialogue, source_).size();
  bytes_ += num_held_bytes(dialogue);
  block_.push_back(std::move(dialogue));
  if (inputs_ >= kInputsPerBlock || block_.size() >= kRowsPerBlock || bytes_ >= kBytesPerBlock) {
    score_block();
  }
}

std::vector<Satisfaction> Labeller::finish() {
  score_block();
  return std::exchange(scores_, {});
}

void Labeller::score_block() {
  std::vector<ScorerInput> inputs;
  for (const Dialogue& dialogue : block_) {
    const auto prompts = prompts_of(dialogue);
    for (const std::size_t i : labelled_turns(dialogue, source_)) {
      const bool follow_up = source_ == LabelSource::kFollowUp;
      inputs.push_back(follow_up ? ScorerInput{"", dialogue.turns[i + 1].text}
                                 : response_input(prompts[i], dialogue.turns[i].text));
    }
  }
  const auto scores = score_all(scorer_, inputs, num_threads_);
  scores_.insert(scores_.end(), scores.begin(), scores.end());
  block_.clear();
  inputs_ = bytes_ = 0;
}

}  // namespace arf
