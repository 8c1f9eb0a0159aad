// report.html of a training run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.h"

namespace arf {

// One prompt with the reply of the model before and after training.
struct SamplePair {
  std::string prompt, before, after;
  std::optional<float> reward_before, reward_after;  // by the scorer, in [-1, 1]
};

// metrics: the lines of metrics.jsonl. Every numeric key is drawn: keys with a common word before
// the slash share a chart ("reward/mean", "reward/label"), and the seconds are also summed up.
// manifest: manifest.json of the run.
std::string training_report(const std::vector<Json>& metrics, const Json& manifest,
                            const std::vector<SamplePair>& samples);

}  // namespace arf
