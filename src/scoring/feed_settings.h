// How the ARF scorer follows feedback that comes while `train` runs.
#pragma once

#include <string>
#include <vector>

namespace arf {

struct FeedSettings {
  std::string path;           // the folder that is watched; "": none
  std::string replay;         // a run whose recorded feed is taken again; "": none
  std::string static_scorer;  // reads the reactions of messages without a satisfaction
  std::vector<std::string> replay_corpora;  // static satisfaction data
  double replay_ratio = 0.5;                // ER_ratio: probability that a step replays instead
  int batch = 20;                           // messages, or texts of a replay, in a step
  double learning_rate = 1e-4;
  double weight_decay = 0;
  double clip = 1;
  int files = 0;                  // that one boundary takes at most; 0: any number
  std::string on_error = "skip";  // skip | stop: a file that cannot be taken

  bool on() const { return !path.empty() || !replay.empty(); }
};

// usage_error, naming key and value.
void check_feed_settings(const FeedSettings& settings);

}  // namespace arf
