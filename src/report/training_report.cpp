#include "report/training_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.h"
#include "report/html.h"
#include "report/metric_series.h"

namespace arf {
namespace {

// Charts that lead, in this order; the others follow as they come.
const std::vector<std::string> kFirstCharts = {"reward", "loss", "kl", "grad_norm", "tokens/s"};
const std::vector<std::string> kNotShown = {"iteration", "policy_version"};
const std::vector<std::string> kNotCurves = {"rounding", "alarms"};  // in the table only

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string group_of(const std::string& key) { return key.substr(0, key.find('/')); }

std::vector<std::string> numeric_keys(const std::vector<Json>& metrics) {
  std::vector<std::string> keys;
  for (const Json& line : metrics) {
    for (const auto& [key, value] : line.items()) {
      if (value.is_number() && !has(keys, key) && !has(kNotShown, key)) keys.push_back(key);
    }
  }
  return keys;
}

Series over_iterations(const std::vector<Json>& metrics, const std::string& key) {
  Series series = series_of(metrics, "iteration", key);
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i])) series.x[i] = static_cast<double>(i);
  }
  return series;
}

// Tokens of an iteration over the seconds of the part that handled them.
Series rate_of(const std::vector<Json>& metrics, const std::string& tokens,
               const std::string& seconds) {
  Series series = over_iterations(metrics, tokens);
  const Series time = over_iterations(metrics, seconds);
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    series.y[i] = time.y[i] > 0 ? series.y[i] / time.y[i] : std::nan("");
  }
  series.name = tokens.substr(tokens.find('/') + 1);
  return series;
}

using Groups = std::vector<std::pair<std::string, std::vector<Series>>>;

Groups grouped(const std::vector<Json>& metrics) {
  Groups groups;
  for (const std::string& name : kFirstCharts) groups.push_back({name, {}});
  for (const std::string& key : numeric_keys(metrics)) {
    const std::string name = group_of(key);
    if (has(kNotCurves, name)) continue;
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& group) { return group.first == name; });
    if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
    found->second.push_back(over_iterations(metrics, key));
    if (key != name) found->second.back().name = key.substr(name.size() + 1);
  }
  for (auto& [name, series] : groups) {
    if (name != "tokens/s") continue;
    series.push_back(rate_of(metrics, "tokens/generated", "seconds/generate"));
    series.push_back(rate_of(metrics, "tokens/trained", "seconds/learn"));
    std::erase_if(series, [](const Series& one) {
      return std::none_of(one.y.begin(), one.y.end(), [](double y) { return std::isfinite(y); });
    });
  }
  std::erase_if(groups, [](const auto& group) { return group.second.empty(); });
  return groups;
}

double mean_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  double sum = 0, count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (!std::isfinite(values[i])) continue;
    sum += values[i];
    ++count;
  }
  return sum / count;
}

// The first and the last tenth of the run: single iterations are too noisy to compare.
HtmlTable first_and_last(const std::vector<Json>& metrics) {
  HtmlTable table{{"metric", "first tenth", "last tenth", "change"}, {}};
  const std::size_t n = metrics.size(), tenth = std::max<std::size_t>(1, n / 10);
  for (const std::string& key : numeric_keys(metrics)) {
    const std::string group = group_of(key);
    if (group == "seconds" || group == "tokens") continue;
    const Series series = over_iterations(metrics, key);
    const double first = mean_of(series.y, 0, tenth), last = mean_of(series.y, n - tenth, n);
    table.rows.push_back(
        {key, readable_number(first), readable_number(last), readable_number(last - first)});
  }
  return table;
}

std::vector<Part> time_parts(const std::vector<Json>& metrics) {
  std::vector<Part> parts;
  for (const std::string& key : numeric_keys(metrics)) {
    // "seconds" or "seconds/total" would count everything twice.
    if (group_of(key) != "seconds" || key == "seconds" || key == "seconds/total") continue;
    Part part{key.substr(8), 0};
    for (const Json& line : metrics) {
      const double seconds = number_at(line, key);
      if (seconds > 0) part.value += seconds;
    }
    parts.push_back(part);
  }
  return parts;
}

HtmlTable manifest_table(const Json& manifest) {
  HtmlTable table{{"what", "value"}, {}, -1, true};
  for (const auto& [key, value] : manifest.items()) {
    if (value.is_structured()) continue;
    table.rows.push_back({key, value.is_string() ? value.get<std::string>() : value.dump()});
  }
  return table;
}

std::string with_reward(const std::string& heading, const std::optional<float>& reward) {
  return reward ? fmt::format("{}\nreward {}", heading, readable_number(*reward)) : heading;
}

}  // namespace

std::string training_report(const std::vector<Json>& metrics, const Json& manifest,
                            const std::vector<SamplePair>& samples) {
  HtmlPage page("Training run",
                fmt::format("{} iterations. Curves are means over an iteration; where "
                            "a faint line lies under a strong one, the strong one is "
                            "its moving mean.",
                            metrics.size()));
  if (!metrics.empty()) {
    page.table(first_and_last(metrics));
    page.section("Curves");
    std::vector<std::string> charts;
    for (const auto& [name, series] : grouped(metrics)) {
      charts.push_back(line_chart(name, "iteration", series));
    }
    page.figures(charts);
    if (const auto parts = time_parts(metrics); !parts.empty()) {
      page.section("Where the time went");
      page.figures({share_chart("seconds, all iterations", parts)});
    }
  }
  if (!samples.empty()) page.section("Samples before and after");
  for (const SamplePair& sample : samples) {
    page.comparison(sample.prompt, {{with_reward("before", sample.reward_before), sample.before},
                                    {with_reward("after", sample.reward_after), sample.after}});
  }
  page.section("The run");
  page.table(manifest_table(manifest));
  page.folded("manifest.json", manifest.dump(2, ' ', false, Json::error_handler_t::replace));
  return page.html();
}

}  // namespace arf
