// A metric over a run, as its charts have it.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "report/chart.h"

namespace arf {

// NaN where the line has no number there. Files come from elsewhere: a metric may be anything.
double number_at(const Json& line, const std::string& key);

// A point for each line of metrics.jsonl, NaN in x or y where the line has no such number.
Series series_of(const std::vector<Json>& metrics, const std::string& x_key,
                 const std::string& key);

// Leaves the points that have both; of metrics that only some lines have, so that they are one
// line.
void drop_gaps(Series* series);

}  // namespace arf
