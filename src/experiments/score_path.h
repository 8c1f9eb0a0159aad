// How a scorer's opinion of a task went: the path of its probe's mean reward over the messages of a
// stream.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "report/chart.h"

namespace arf {

// "probe/TASK" of each of `tasks` over "messages", from RUN/metrics.jsonl of `arf track`; at
// message 0 what `tracked`, its result, says of the scorer before.
std::vector<Series> score_paths(const std::filesystem::path& run, const Json& tracked,
                                const std::vector<std::string>& tasks);

// What a change of taste at message `from`, which lasts until `to`, made of a path.
struct Followed {
  double before = 0, after = 0;    // the mean reward at `from` and at `to`
  std::optional<double> half_way;  // messages from `from` until half of the way; none: it did not
                                   // go in the direction of the change (`liked`)
};
// usage: path.x rising; none of both where the path has no point in the span.
std::optional<Followed> followed(const Series& path, double from, double to, bool liked);

}  // namespace arf
