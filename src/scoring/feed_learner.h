// The ARF scorer learns from feedback that comes in portions, between which it scores (paper
// 3.1.2): steps on the messages' soft labels (eq. 10) or, with probability ER_ratio, on static
// satisfaction data. Where `track` follows a stream that lies there whole and meets stored scores
// again, this one keeps no message. Several ranks learn together: all hold the scorer.
#pragma once

#include <cstdint>
#include <vector>

#include "data_io/state_store.h"
#include "records/feedback.h"
#include "scoring/examples.h"
#include "scoring/feed_settings.h"
#include "scoring/scorer_trainer.h"

namespace arf {

class FeedLearner {
 public:
  // What a portion came to. Means over its messages, by the scorer before the step that learnt
  // from each.
  struct Learnt {
    std::uint64_t messages = 0;
    std::int64_t steps = 0, replays = 0;
    double loss = 0;
    double score = 0, label = 0;  // mean reward by the scorer, by the labels
    double agreement = 0;         // share of equal classes
  };

  // reader: the static scorer; null where every message has its satisfaction. replayed: what
  // replays train on; not empty where the ratio is above 0. Both scorers must outlive this.
  FeedLearner(Scorer* scorer, const Scorer* reader, std::vector<Example> replayed,
              const FeedSettings& settings, std::uint64_t seed, const Workers& workers);

  // Collective over the workers' ranks: all of them have the same messages, at least one. A step's
  // batch ends with them. input_error as of ScorerTrainer::step.
  Learnt learn(const std::vector<Feedback>& messages);
  const ScorerVersion& version() const { return version_; }

  void store(SavedState* state) const;    // collective
  void restore(const SavedState& state);  // input_error where it is another scorer's

 private:
  std::vector<Example> examples(const std::vector<Feedback>& messages) const;
  void replay();
  void set_version(std::uint64_t messages);

  Scorer* scorer_;
  const Scorer* reader_;
  std::vector<Example> replayed_;
  FeedSettings settings_;
  std::uint64_t seed_;
  Workers workers_;
  EpochOrder replay_order_;
  ScorerTrainer trainer_;
  std::int64_t steps_ = 0, replays_ = 0;
  ScorerVersion version_;
};

}  // namespace arf
