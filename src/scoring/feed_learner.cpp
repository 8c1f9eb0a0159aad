#include "scoring/feed_learner.h"

#include <algorithm>

#include "core/hash.h"
#include "core/philox.h"
#include "scoring/feedback_tracker.h"

namespace arf {
namespace {

TrainerSettings trainer_settings(const FeedSettings& settings, const Workers& workers) {
  TrainerSettings trainer;
  trainer.adamw.weight_decay = settings.weight_decay;
  trainer.clip = settings.clip;
  trainer.workers = workers;
  return trainer;
}

}  // namespace

FeedLearner::FeedLearner(Scorer* scorer, const Scorer* reader, std::vector<Example> replayed,
                         const FeedSettings& settings, std::uint64_t seed, const Workers& workers)
    : scorer_(scorer),
      reader_(reader),
      replayed_(std::move(replayed)),
      settings_(settings),
      seed_(seed),
      workers_(workers),
      replay_order_(replayed_.size(), seed, Purpose::kScorerOrder),
      trainer_(scorer, trainer_settings(settings, workers)) {
  set_version(0);
}

void FeedLearner::set_version(std::uint64_t messages) {
  version_ = {messages, xxh3(trainer_.parameters())};
}

// Soft labels C_static of the reactions where no satisfaction was said (paper 3.1.2).
std::vector<Example> FeedLearner::examples(const std::vector<Feedback>& messages) const {
  std::vector<ScorerInput> pairs, reactions;
  for (const Feedback& message : messages) {
    pairs.push_back({message.prompt, message.response});
    if (!message.satisfaction) reactions.push_back({"", message.reaction});
  }
  ARF_CHECK(reader_ || reactions.empty(), "a message without a satisfaction");
  std::vector<Satisfaction> read;
  if (!reactions.empty()) read = score_all(*reader_, reactions, workers_);
  std::vector<FramedText> texts = frame_all(*scorer_, pairs, workers_.threads);
  std::vector<Example> all;
  auto next = read.begin();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& said = messages[i].satisfaction;
    all.push_back({std::move(texts[i]), said ? *said : *next++});
  }
  return all;
}

// L_ER = CE(C_hat, C_static).
void FeedLearner::replay() {
  std::vector<const Example*> batch;
  for (int i = 0; i < settings_.batch; ++i) {
    const auto position = static_cast<std::uint64_t>(replays_ * settings_.batch + i);
    batch.push_back(&replayed_[replay_order_.at(position)]);
  }
  trainer_.step(batch, settings_.learning_rate);
  ++replays_;
}

FeedLearner::Learnt FeedLearner::learn(const std::vector<Feedback>& messages) {
  const std::vector<Example> all = examples(messages);
  const std::int64_t steps = steps_, replays = replays_;
  Learnt learnt;
  std::vector<Satisfaction> predicted, labels;
  for (std::size_t at = 0; at < all.size(); ++steps_) {
    if (step_replays(seed_, steps_, settings_.replay_ratio)) {
      replay();
      continue;
    }
    std::vector<const Example*> batch;
    for (; at < all.size() && batch.size() < std::size_t(settings_.batch); ++at) {
      batch.push_back(&all[at]);
      labels.push_back(all[at].target);
    }
    const auto result = trainer_.step(batch, settings_.learning_rate);
    learnt.loss += result.loss * double(batch.size()) / double(all.size());
    predicted.insert(predicted.end(), result.predicted.begin(), result.predicted.end());
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    learnt.score += predicted[i].reward() / double(all.size());
    learnt.label += labels[i].reward() / double(all.size());
  }
  learnt.agreement = measure(predicted, labels).accuracy;
  learnt.messages = all.size();
  learnt.steps = steps_ - steps;
  learnt.replays = replays_ - replays;
  set_version(version_.number + all.size());
  return learnt;
}

void FeedLearner::store(SavedState* state) const {
  trainer_.store(state);
  state->numbers["step"] = steps_;
  state->numbers["replays"] = replays_;
  state->numbers["messages"] = static_cast<std::int64_t>(version_.number);
}

void FeedLearner::restore(const SavedState& state) {
  steps_ = state.number("step", 0, kMostSteps);
  replays_ = state.number("replays", 0, steps_);
  const std::int64_t fed = steps_ - replays_;
  const std::int64_t messages = state.number("messages", fed, fed * settings_.batch);
  trainer_.restore(state, steps_, steps_);
  set_version(static_cast<std::uint64_t>(messages));
}

}  // namespace arf
