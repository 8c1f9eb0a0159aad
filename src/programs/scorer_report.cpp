#include "programs/scorer_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/utf8.h"
#include "report/chart.h"
#include "report/metric_series.h"

namespace arf {
namespace {

// Share of the largest class: what a scorer without an opinion reaches.
double majority_share(const Measures& m) {
  const auto most = *std::max_element(m.labels.begin(), m.labels.end());
  return m.count ? static_cast<double>(most) / static_cast<double>(m.count) : 0.0;
}

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", 100 * share) : "-";
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

}  // namespace

Json to_json(const Measures& m) {
  Json classes = Json::object();
  for (std::size_t c = 0; c < 3; ++c) {
    classes[kClassNames[c]] = {{"count", m.labels[c]},
                               {"recall", number_or_null(m.recall[c])},
                               {"precision", number_or_null(m.precision[c])}};
  }
  return {{"count", m.count},
          {"accuracy", m.accuracy},
          {"macro_f1", m.macro_f1},
          {"balanced_accuracy", m.balanced_accuracy},
          {"ece", m.ece},
          {"loss", m.loss},
          {"spearman", number_or_null(m.spearman)},
          {"majority", majority_share(m)},
          {"classes", classes}};
}

std::string measures_text(const Measures& m, const std::string& indent) {
  std::string text = fmt::format(
      "accuracy {} (largest class {})  macro-F1 {}  balanced {}  ECE {:.3f}  loss {:.3f}\n",
      percent(m.accuracy), percent(majority_share(m)), percent(m.macro_f1),
      percent(m.balanced_accuracy), m.ece, m.loss);
  text +=
      fmt::format("{}{:<8}{:>9}{:>10}{:>11}\n", indent, "class", "texts", "recall", "precision");
  for (std::size_t c = 0; c < 3; ++c) {
    text += fmt::format("{}{:<8}{:>9}{:>10}{:>11}\n", indent, kClassNames[c], m.labels[c],
                        percent(m.recall[c]), percent(m.precision[c]));
  }
  return text;
}

std::string measures_lines(const std::vector<std::pair<std::string, Measures>>& rows,
                           const std::string& indent) {
  std::size_t width = 0;
  for (const auto& [name, m] : rows) width = std::max(width, printable(name).size());
  std::string text = fmt::format("{}{:<{}}{:>8}{:>10}{:>10}{:>10}{:>8}{:>10}\n", indent, "", width,
                                 "texts", "accuracy", "macro-F1", "balanced", "ECE", "Spearman");
  for (const auto& [name, m] : rows) {
    text += fmt::format("{}{:<{}}{:>8}{:>10}{:>10}{:>10}{:>8.3f}{:>10}\n", indent, printable(name),
                        width, m.count, percent(m.accuracy), percent(m.macro_f1),
                        percent(m.balanced_accuracy), m.ece,
                        std::isfinite(m.spearman) ? fmt::format("{:.3f}", m.spearman) : "-");
  }
  return text;
}

HtmlTable measures_table(const std::vector<std::pair<std::string, Measures>>& rows) {
  HtmlTable table{{"", "texts", "accuracy", "largest class", "macro-F1", "balanced accuracy", "ECE",
                   "cross-entropy", "Spearman"},
                  {}};
  for (const auto& [name, m] : rows) {
    table.rows.push_back({name, std::to_string(m.count), percent(m.accuracy),
                          percent(majority_share(m)), percent(m.macro_f1),
                          percent(m.balanced_accuracy), readable_number(m.ece),
                          readable_number(m.loss), readable_number(m.spearman)});
  }
  return table;
}

HtmlTable classes_table(const Measures& m) {
  HtmlTable table{{"class", "texts", "recall", "precision"}, {}};
  for (std::size_t c = 0; c < 3; ++c) {
    table.rows.push_back({kClassNames[c], std::to_string(m.labels[c]), percent(m.recall[c]),
                          percent(m.precision[c])});
  }
  return table;
}

std::vector<std::string> charts_of(const std::vector<Json>& metrics, const std::string& x_key,
                                   const std::string& x_label,
                                   const std::vector<ChartPlan>& plans) {
  std::vector<std::string> charts;
  for (const ChartPlan& plan : plans) {
    std::vector<Series> series;
    for (const auto& [key, name] : plan.keys) {
      Series one = series_of(metrics, x_key, key);
      one.name = name;
      drop_gaps(&one);
      if (!one.x.empty()) series.push_back(std::move(one));
    }
    if (!series.empty()) charts.push_back(line_chart(plan.title, x_label, series));
  }
  return charts;
}

void add_run_section(HtmlPage* page, const Json& manifest, const std::string& config) {
  page->section("The run");
  page->folded("config.ini", config);
  page->folded("manifest.json", manifest.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace arf
