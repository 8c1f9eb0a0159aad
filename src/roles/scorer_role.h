// The scorer's loop: rewards (paper eq. 17) for the sampled replies of its units.
#pragma once

#include <cstdint>

#include "data_io/trace_file.h"
#include "exchange/conversation.h"
#include "roles/train_settings.h"
#include "scoring/scorer.h"

namespace arf {

class ScorerRole {
 public:
  ScorerRole(const TrainSettings& settings, Conversation* conversation, SpanRecorder* spans,
             int num_threads);
  // version: what the scorer is now; its learner is told.
  void run(std::int64_t iteration, const ScorerVersion& version);

  const Scorer& scorer() const { return scorer_; }
  Scorer& scorer() { return scorer_; }

 private:
  std::uint32_t num_units_;
  Conversation* conversation_;
  SpanRecorder* spans_;
  int num_threads_;
  Scorer scorer_;
};

}  // namespace arf
