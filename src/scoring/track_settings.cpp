#include "scoring/track_settings.h"

#include "core/error.h"

namespace arf {

void check_track_settings(const TrackSettings& s) {
  const auto refuse = [](const char* key, double value, const char* what) {
    usage_error("--{} is {}; it takes {}", key, value, what);
  };
  if (s.batch < 1) refuse("track.batch", s.batch, "1 or more");
  if (s.passes < 1) refuse("track.passes", s.passes, "1 or more");
  if (!(s.replay_ratio >= 0 && s.replay_ratio < 1)) {
    refuse("track.replay_ratio", s.replay_ratio,
           "a probability from 0 to below 1 (at 1 no feedback would ever be learnt)");
  }
  if (s.rescore_every < 0) refuse("track.rescore_every", double(s.rescore_every), "0 or more");
  if (!(s.s_sig > 0)) refuse("track.s_sig", s.s_sig, "a number above 0 (the paper: 4 to 8)");
  if (s.evaluate_every < 0) refuse("track.evaluate_every", double(s.evaluate_every), "0 or more");
  if (s.evaluate_texts < 1) refuse("track.evaluate_texts", double(s.evaluate_texts), "1 or more");
  if (s.checkpoint_every < 1) {
    refuse("track.checkpoint_every", double(s.checkpoint_every), "1 or more");
  }
  if (!(s.learning_rate > 0)) refuse("train.learning_rate", s.learning_rate, "a number above 0");
  if (!(s.weight_decay >= 0)) refuse("train.weight_decay", s.weight_decay, "0 or more");
  if (!(s.clip >= 0)) refuse("train.clip", s.clip, "0 or more");
}

}  // namespace arf
