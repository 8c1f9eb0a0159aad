// What of a tracker must survive a kill.
#include <algorithm>

#include "core/error.h"
#include "data_io/row_check.h"
#include "scoring/feedback_tracker.h"

namespace arf {
namespace {

// A whole number of a checkpoint; only such ones can be cast.
bool is_count(float length) {
  constexpr float kMost = 1 << 24;
  return length >= 0 && length <= kMost && length == static_cast<float>(static_cast<int>(length));
}

// An array of three numbers each.
std::vector<Satisfaction> satisfactions(const SavedState& state, const std::string& name,
                                        std::size_t count) {
  const std::vector<float>& values = state.array(name, 3 * count);
  std::vector<Satisfaction> all;
  all.reserve(count);
  for (std::size_t i = 0; i < values.size(); i += 3) {
    all.push_back({values[i], values[i + 1], values[i + 2]});
    if (is_distribution(all.back())) continue;
    input_error(
        "{}: `{}` holds ({}, {}, {}), which is no satisfaction; remove the run's folder to start "
        "afresh",
        state.path.string(), name, values[i], values[i + 1], values[i + 2]);
  }
  return all;
}

}  // namespace

void FeedbackTracker::store(SavedState* state) const {
  trainer_.store(state);
  state->numbers["step"] = steps_;
  state->numbers["replays"] = replays_;
  state->numbers["messages"] = static_cast<std::int64_t>(cursor_);
  std::vector<float> stored, lengths, history;
  const auto push = [](const Satisfaction& s, std::vector<float>* to) {
    to->insert(to->end(), {s.bad, s.neutral, s.good});
  };
  for (const FeedbackMessage& message : messages_) {
    push(message.stored, &stored);
    lengths.push_back(static_cast<float>(message.history.size()));
    for (const Satisfaction& old : message.history) push(old, &history);
  }
  state->arrays["stored"] = std::move(stored);
  state->arrays["history.lengths"] = std::move(lengths);
  state->arrays["history"] = std::move(history);
}

void FeedbackTracker::restore(const SavedState& state) {
  const auto size = static_cast<std::int64_t>(messages_.size());
  // The steps that are no replays say how far the stream is: it must not seem to have ended.
  const std::int64_t steps_of_pass = (size + settings_.batch - 1) / settings_.batch;
  steps_ = state.number("step", 0, kMostSteps);
  const std::int64_t fewest = std::max<std::int64_t>(0, steps_ - settings_.passes * steps_of_pass);
  replays_ = state.number("replays", fewest, steps_);
  const std::int64_t fed = steps_ - replays_;
  const std::int64_t arrived =
      fed / steps_of_pass * size + std::min(fed % steps_of_pass * settings_.batch, size);
  cursor_ = static_cast<std::uint64_t>(state.number("messages", arrived, arrived));
  restore_scores(state);
  // A step whose messages are all held out trains nothing.
  trainer_.restore(state, replays_, steps_);
}

void FeedbackTracker::restore_scores(const SavedState& state) {
  const auto& lengths = state.array("history.lengths", messages_.size());
  double entries = 0;
  for (const float length : lengths) {
    if (!is_count(length)) {
      input_error(
          "{}: `history.lengths` holds {}, which is no count; remove the run's folder to "
          "start afresh",
          state.path.string(), length);
    }
    entries += length;
  }
  const auto stored = satisfactions(state, "stored", messages_.size());
  const auto history = satisfactions(state, "history", static_cast<std::size_t>(entries));
  auto next = history.begin();
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const auto end = next + static_cast<std::ptrdiff_t>(lengths[i]);
    messages_[i].stored = stored[i];
    messages_[i].history.assign(next, end);
    next = end;
  }
}

}  // namespace arf
