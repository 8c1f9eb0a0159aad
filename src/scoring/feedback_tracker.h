// The ARF scorer follows a stream of feedback (paper 3.1.2): steps on soft labels (eq. 10), or,
// with probability ER_ratio, on static satisfaction data; stored scores are met again every so many
// messages (eq. 13, 14). Resumable at any step, to the bit. Several ranks follow one stream
// together: all of them hold it, and share each step's work.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scoring/examples.h"
#include "scoring/measures.h"
#include "scoring/scorer_trainer.h"
#include "scoring/track_settings.h"

namespace arf {

// Static satisfaction data: what replays train on, and texts that tell what was forgotten.
struct ReplayData {
  std::vector<Example> training, held;
};

class FeedbackTracker {
 public:
  struct Step {
    std::int64_t step = 0;       // done with this one
    bool replay = false;         // it trained on static data; the stream waited
    std::uint64_t messages = 0;  // of the stream that have arrived, over all passes
    std::size_t trained = 0;     // texts that the step trained on; 0: all of its were held out
    double loss = 0, gradient_norm = 0;
    // Of the messages that arrived: mean reward by the scorer before the step, by their labels;
    // share of equal classes. NaN for a replay.
    double score = 0, label = 0, agreement = 0;
    std::optional<double> moved;    // re-scoring: mean absolute change of the stored rewards
    std::optional<Measures> held;   // the newest held-out messages
    std::optional<Measures> fixed;  // held-out static texts
  };

  // usage_error where replays are wanted and there is nothing to replay. The scorer must outlive
  // the tracker.
  FeedbackTracker(Scorer* scorer, std::vector<FeedbackMessage> messages, ReplayData replay,
                  const TrackSettings& settings, std::uint64_t seed, const Workers& workers);

  std::int64_t steps_done() const { return steps_; }
  std::uint64_t messages_done() const { return cursor_; }
  std::uint64_t messages_in_all() const {
    return messages_.size() * std::uint64_t(settings_.passes);
  }
  bool finished() const {
    return cursor_ >= messages_in_all() || (settings_.steps > 0 && steps_ >= settings_.steps);
  }
  Step advance();  // collective over the workers' ranks

  const std::vector<FeedbackMessage>& messages() const { return messages_; }
  const ReplayData& replay() const { return replay_; }

  void store(SavedState* state) const;    // collective
  void restore(const SavedState& state);  // input_error where it is another run's

 private:
  bool next_is_replay() const;
  void replay_step(Step* step);
  void feedback_step(Step* step);
  void meet_messages(std::uint64_t first, std::uint64_t last, Step* step);
  double rescore_seen();
  Measures measure_newest_held();
  std::uint64_t seen() const;  // messages of the stream that are stored by now
  void restore_scores(const SavedState& state);

  Scorer* scorer_;
  std::vector<FeedbackMessage> messages_;
  ReplayData replay_;
  TrackSettings settings_;
  std::uint64_t seed_;
  Workers workers_;
  EpochOrder replay_order_;
  ScorerTrainer trainer_;
  std::int64_t steps_ = 0, replays_ = 0;
  std::uint64_t cursor_ = 0;
};

// True where step number `step` replays: RandomStream(seed, kReplay, step) below the ratio.
bool step_replays(std::uint64_t seed, std::int64_t step, double ratio);

// What the scorer thinks of the held-out messages, or of all where none is held out.
Measures measure_held(const Scorer& scorer, const std::vector<FeedbackMessage>& messages,
                      std::size_t most, const Workers& workers);

}  // namespace arf
