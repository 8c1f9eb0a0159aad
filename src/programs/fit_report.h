// What `fit-scorer` tells: metrics, the manifest's numbers, report.html and the result on stdout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "programs/scorer_run.h"
#include "scoring/calibration.h"
#include "scoring/scorer_fit.h"
#include "scoring/source_measures.h"

namespace arf {

struct FitResult {
  std::int64_t kept_iteration = 0;
  std::optional<Calibration> calibration;  // by the validation texts
  std::optional<Measures> uncalibrated;    // of the test texts, before it
  std::vector<SourceMeasures> by_source;   // of the test texts; in each, the scorer's come first
  std::string digest;

  const Measures& test() const { return by_source.front().measures.front().second; }
};

// A line of metrics.jsonl.
Json fit_metrics_line(const ScorerFit::Step& step, int batch, double seconds);

void note_fit_result(const FitResult& result, const ScorerFit& fit, RunDirectory* directory);
std::string fit_report(const ScorerRun& run, const FitResult& result, const ScorerFit& fit);
// Lines, or with `json` one document.
void print_fit_result(const ScorerRun& run, const FitResult& result, const ScorerFit& fit,
                      bool json);

}  // namespace arf
