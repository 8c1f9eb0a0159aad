// What of a tracker must survive a kill.
#include "core/error.h"
#include "scoring/feedback_tracker.h"

namespace arf {
namespace {

// A whole number of a checkpoint; only such ones can be cast.
bool is_count(float length) {
  constexpr float kMost = 1 << 24;
  return length >= 0 && length <= kMost && length == static_cast<float>(static_cast<int>(length));
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
  const auto& stored = state.array("stored", 3 * messages_.size());
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
  const auto& history = state.array("history", 3 * static_cast<std::size_t>(entries));
  const auto at = [](const std::vector<float>& from, std::size_t i) {
    return Satisfaction{from[3 * i], from[3 * i + 1], from[3 * i + 2]};
  };
  std::size_t next = 0;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    messages_[i].stored = at(stored, i);
    messages_[i].history.clear();
    for (int k = 0; k < static_cast<int>(lengths[i]); ++k) {
      messages_[i].history.push_back(at(history, next++));
    }
  }
  steps_ = state.number("step");
  replays_ = state.number("replays");
  cursor_ = static_cast<std::uint64_t>(state.number("messages"));
  trainer_.restore(state);
}

}  // namespace arf
