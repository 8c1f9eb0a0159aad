// How an ARF scorer follows a stream of feedback.
#pragma once

#include <cstdint>

namespace arf {

struct TrackSettings {
  int batch = 20;                       // messages, or texts of a replay, in a step
  int passes = 1;                       // over the stream
  std::int64_t steps = 0;               // replays counted, after which to end; 0: with the stream
  double replay_ratio = 0.5;            // ER_ratio: probability that a step replays instead
  std::int64_t rescore_every = 500;     // messages; 0: stored scores stay as they came
  double s_sig = 6;                     // of eq. 13
  std::int64_t evaluate_every = 500;    // messages; 0: at the end only
  std::int64_t evaluate_texts = 500;    // newest held-out messages, and held-out static texts
  std::int64_t checkpoint_every = 500;  // steps
  double learning_rate = 1e-4;
  double weight_decay = 0;
  double clip = 1;
};

// usage_error, naming key and value.
void check_track_settings(const TrackSettings& settings);

}  // namespace arf
