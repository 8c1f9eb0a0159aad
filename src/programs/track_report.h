// What `arf track` says of its run: metrics, report, result.
#pragma once

#include <map>
#include <string>

#include "programs/scorer_run.h"
#include "scoring/feedback_tracker.h"

namespace arf {

// On all held-out messages and static texts.
struct TrackStanding {
  Measures held, fixed;
  std::map<std::string, double> probes;  // mean reward of each
};

struct TrackResult {
  std::uint64_t messages = 0;
  std::int64_t steps = 0;
  TrackStanding before, after;
  std::string digest, corpus_digest;  // of the scorer and of the re-scored corpus
};

// probed: the mean reward of each probe, where they were looked at.
Json track_metrics_line(const FeedbackTracker::Step& step,
                        const std::map<std::string, double>& probed, double seconds);
Json to_json(const TrackResult& result);  // without the scorer's digest
std::string track_report(const ScorerRun& run, const TrackResult& result);  // HTML
// On stdout, as text or as one JSON document.
void print_track_result(const ScorerRun& run, const TrackResult& result, bool json);

}  // namespace arf
