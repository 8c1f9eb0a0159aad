// What a training run must not lose, and its form in the state store.
//
// Rollouts in flight are not in it: with staleness k the parameters of the k policies before the
// newest are, and the resumed run samples from them what the journal of units lacks, the same
// replies.
#pragma once

#include <cstdint>
#include <vector>

#include "comm/communicator.h"
#include "data_io/state_store.h"
#include "model/adamw.h"
#include "roles/run_log.h"

namespace arf {

struct TrainingState {
  std::int64_t next_iteration = 0;  // iterations done, and the newest policy's version
  std::vector<float> parameters;    // of the newest policy
  // Of those before it, as many as the staleness, the oldest first.
  std::vector<std::vector<float>> older;
  AdamW adamw;
  RunLog::Position log;  // where the run's log stood
};

SavedState saved_state(TrainingState state);
// input_error where it does not fit a policy of `num_parameters` in a run of this staleness.
TrainingState read_training_state(const SavedState& saved, std::size_t num_parameters,
                                  int staleness);

// Collective over the learners: learner 0's parameters and moments go to all.
void share_training_state(const Communicator& learners, std::size_t num_parameters,
                          const AdamWSettings& adamw, TrainingState* state);

// The hash of a policy's version: SHA-256 of its parameters' bytes.
std::string hash_of(const std::vector<float>& parameters);

}  // namespace arf
