#include "scoring/feedback_tracker.h"

#include <algorithm>
#include <cmath>

#include "core/philox.h"
#include "scoring/preference_bias.h"

namespace arf {
namespace {

TrainerSettings trainer_settings(const TrackSettings& settings, const Workers& workers) {
  TrainerSettings trainer;
  trainer.adamw.weight_decay = settings.weight_decay;
  trainer.clip = settings.clip;
  trainer.workers = workers;
  return trainer;
}

// True where (before, after] holds a multiple of `every`, or the stream has ended.
bool is_due(std::int64_t every, std::uint64_t before, std::uint64_t after, bool ended) {
  if (every <= 0) return false;
  return ended || after / std::uint64_t(every) > before / std::uint64_t(every);
}

}  // namespace

bool step_replays(std::uint64_t seed, std::int64_t step, double ratio) {
  return RandomStream(seed, Purpose::kReplay, static_cast<std::uint64_t>(step)).uniform(0) < ratio;
}

FeedbackTracker::FeedbackTracker(Scorer* scorer, std::vector<FeedbackMessage> messages,
                                 ReplayData replay, const TrackSettings& settings,
                                 std::uint64_t seed, const Workers& workers)
    : scorer_(scorer),
      messages_(std::move(messages)),
      replay_(std::move(replay)),
      settings_(settings),
      seed_(seed),
      workers_(workers),
      replay_order_(replay_.training.size(), seed, Purpose::kScorerOrder),
      trainer_(scorer, trainer_settings(settings, workers)) {
  if (settings.replay_ratio > 0 && replay_.training.empty()) {
    usage_error(
        "--track.replay_ratio is {} and there is no static satisfaction data to replay; give "
        "--track.replay_corpus or the ratio 0",
        settings.replay_ratio);
  }
}

FeedbackTracker::Step FeedbackTracker::advance() {
  Step step;
  step.replay = step_replays(seed_, steps_, settings_.replay_ratio);
  step.score = step.label = step.agreement = std::nan("");
  if (step.replay) {
    replay_step(&step);
  } else {
    feedback_step(&step);
  }
  step.step = ++steps_;
  step.messages = cursor_;
  return step;
}

// L_ER = CE(C_hat, C_static).
void FeedbackTracker::replay_step(Step* step) {
  std::vector<const Example*> batch;
  for (int i = 0; i < settings_.batch; ++i) {
    const auto position = static_cast<std::uint64_t>(replays_ * settings_.batch + i);
    batch.push_back(&replay_.training[replay_order_.at(position)]);
  }
  const auto result = trainer_.step(batch, settings_.learning_rate);
  step->trained = batch.size();
  step->loss = result.loss;
  step->gradient_norm = result.gradient_norm;
  ++replays_;
}

// L_supervised = CE(C_hat, C_avg), paper eq. 10.
void FeedbackTracker::feedback_step(Step* step) {
  const std::uint64_t first = cursor_;
  // A batch ends with its pass: all its messages are different.
  const std::uint64_t end_of_pass = (first / messages_.size() + 1) * messages_.size();
  cursor_ = std::min(end_of_pass, first + static_cast<std::uint64_t>(settings_.batch));
  meet_messages(first, cursor_, step);
  if (is_due(settings_.rescore_every, first, cursor_, finished())) step->moved = rescore_seen();
  const std::int64_t every = settings_.evaluate_every;
  if (finished() || is_due(every, first, cursor_, false)) {
    step->held = measure_newest_held();
    if (!replay_.held.empty()) {
      const auto count = std::min(replay_.held.size(), std::size_t(settings_.evaluate_texts));
      step->fixed = measure_scorer(
          *scorer_, {replay_.held.begin(), replay_.held.begin() + std::ptrdiff_t(count)}, workers_);
    }
  }
}

// Held-out messages are scored, the others trained on; both by the scorer as it was before.
void FeedbackTracker::meet_messages(std::uint64_t first, std::uint64_t last, Step* step) {
  std::vector<const Example*> batch;
  std::vector<FramedText> held_texts;
  std::vector<Satisfaction> labels, held_labels, predicted;
  for (std::uint64_t i = first; i < last; ++i) {
    const FeedbackMessage& message = messages_[i % messages_.size()];
    if (message.held) {
      held_texts.push_back(message.example.text);
      held_labels.push_back(message.example.target);
    } else {
      batch.push_back(&message.example);
      labels.push_back(message.example.target);
    }
  }
  predicted = score_all(*scorer_, held_texts, workers_);
  if (!batch.empty()) {
    const auto result = trainer_.step(batch, settings_.learning_rate);
    step->trained = batch.size();
    step->loss = result.loss;
    step->gradient_norm = result.gradient_norm;
    predicted.insert(predicted.end(), result.predicted.begin(), result.predicted.end());
  }
  held_labels.insert(held_labels.end(), labels.begin(), labels.end());
  step->score = step->label = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    step->score += predicted[i].reward() / double(predicted.size());
    step->label += held_labels[i].reward() / double(predicted.size());
  }
  step->agreement = measure(predicted, held_labels).accuracy;
}

std::uint64_t FeedbackTracker::seen() const {
  return std::min<std::uint64_t>(cursor_, messages_.size());
}

// Every stored score of a message that has arrived, eq. 13 and 14.
double FeedbackTracker::rescore_seen() {
  std::vector<FramedText> texts;
  for (std::uint64_t i = 0; i < seen(); ++i) texts.push_back(messages_[i].example.text);
  const auto fresh = score_all(*scorer_, texts, workers_);
  double moved = 0;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    FeedbackMessage& message = messages_[i];
    const Satisfaction old = message.stored;
    message.history.push_back(old);
    message.stored = rescore(old, fresh[i], settings_.s_sig);
    moved += std::abs(message.stored.reward() - old.reward()) / double(fresh.size());
  }
  return moved;
}

Measures FeedbackTracker::measure_newest_held() {
  std::vector<FeedbackMessage> newest;
  for (std::uint64_t i = seen();
       i-- > 0 && newest.size() < std::size_t(settings_.evaluate_texts);) {
    if (messages_[i].held) newest.push_back(messages_[i]);
  }
  return measure_held(*scorer_, newest, newest.size(), workers_);
}

Measures measure_held(const Scorer& scorer, const std::vector<FeedbackMessage>& messages,
                      std::size_t most, const Workers& workers) {
  std::vector<Example> held;
  for (const FeedbackMessage& message : messages) {
    if (message.held && held.size() < most) held.push_back(message.example);
  }
  return measure_scorer(scorer, held, workers);
}

}  // namespace arf
