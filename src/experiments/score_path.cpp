#include "experiments/score_path.h"

#include "data_io/input_file.h"
#include "report/metric_series.h"

namespace arf {
namespace {

std::vector<Json> metrics_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  LineReader reader(run / "metrics.jsonl");
  for (std::string_view line; reader.next(&line);) lines.push_back(Json::parse(line));
  return lines;
}

// The last point at or before x.
std::optional<std::size_t> last_at(const Series& path, double x) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < path.x.size() && path.x[i] <= x; ++i) found = i;
  return found;
}

}  // namespace

std::vector<Series> score_paths(const std::filesystem::path& run, const Json& tracked,
                                const std::vector<std::string>& tasks) {
  const std::vector<Json> lines = metrics_of(run);
  std::vector<Series> paths;
  for (const std::string& task : tasks) {
    Series path = series_of(lines, "messages", "probe/" + task);
    path.name = task;
    drop_gaps(&path);
    path.x.insert(path.x.begin(), 0);
    path.y.insert(path.y.begin(), tracked.at("probes").at(task).at("before").get<double>());
    paths.push_back(std::move(path));
  }
  return paths;
}

std::optional<Followed> followed(const Series& path, double from, double to, bool liked) {
  const auto first = last_at(path, from), last = last_at(path, to);
  if (!first || !last || *first == *last) return std::nullopt;
  Followed result{path.y[*first], path.y[*last], std::nullopt};
  const double change = result.after - result.before;
  if ((change > 0) != liked) return result;
  for (std::size_t i = *first + 1; i <= *last; ++i) {
    if ((path.y[i] - result.before) / change < 0.5) continue;
    result.half_way = path.x[i] - from;
    break;
  }
  return result;
}

}  // namespace arf
