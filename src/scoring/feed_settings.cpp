#include "scoring/feed_settings.h"

#include "core/error.h"

namespace arf {

namespace {

void refuse(const char* key, double value, const char* what) {
  usage_error("--{} is {}; it takes {}", key, value, what);
}

}  // namespace

void check_feed_settings(const FeedSettings& s) {
  if (!s.path.empty() && !s.replay.empty()) {
    usage_error(
        "--feed.path and --feed.replay are both given; a run follows a folder, or replays what "
        "another run has recorded");
  }
  if (!s.on() && (!s.static_scorer.empty() || !s.replay_corpora.empty())) {
    usage_error("--{} serves a feed, and there is none; name it by --feed.path",
                s.static_scorer.empty() ? "feed.replay_corpus" : "static_scorer.path");
  }
  if (s.batch < 1) refuse("feed.batch", s.batch, "1 or more");
  if (s.files < 0) refuse("feed.files", s.files, "0 (any number) or more");
  if (!(s.replay_ratio >= 0 && s.replay_ratio < 1)) {
    refuse("feed.replay_ratio", s.replay_ratio,
           "a probability from 0 to below 1 (at 1 no feedback would ever be learnt)");
  }
  if (!(s.learning_rate > 0)) refuse("feed.learning_rate", s.learning_rate, "a number above 0");
  if (!(s.weight_decay >= 0)) refuse("feed.weight_decay", s.weight_decay, "0 or more");
  if (!(s.clip >= 0)) refuse("feed.clip", s.clip, "0 or more");
  if (s.on() && s.replay_ratio > 0 && s.replay_corpora.empty()) {
    usage_error(
        "--feed.replay_ratio is {} and there is no static satisfaction data to replay; give "
        "--feed.replay_corpus or the ratio 0",
        s.replay_ratio);
  }
}

}  // namespace arf
