// report.html of `fit-scorer` and `track`, and the tables on stdout.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "report/html.h"
#include "scoring/measures.h"

namespace arf {

// {"count", "accuracy", "macro_f1", "balanced_accuracy", "ece", "loss", "spearman" (null where it
// is not defined), "majority", "classes"}.
Json to_json(const Measures& measures);

// Aligned lines of text: one for the whole, one a class.
std::string measures_text(const Measures& measures, const std::string& indent);

// A table of text: a line a set of measures, columns under their names.
std::string measures_lines(const std::vector<std::pair<std::string, Measures>>& rows,
                           const std::string& indent);

// A row a set of measures ("before", "after"), a column a measure.
HtmlTable measures_table(const std::vector<std::pair<std::string, Measures>>& rows);
HtmlTable classes_table(const Measures& measures);

// One chart a group of metrics' keys; a key that no line has is left out.
struct ChartPlan {
  std::string title;
  std::vector<std::pair<std::string, std::string>> keys;  // of metrics.jsonl, name in the legend
};
// x_key: the metric on the horizontal axis.
std::vector<std::string> charts_of(const std::vector<Json>& metrics, const std::string& x_key,
                                   const std::string& x_label, const std::vector<ChartPlan>& plans);

// The end of every page: manifest and configuration.
void add_run_section(HtmlPage* page, const Json& manifest, const std::string& config);

}  // namespace arf
