#include "report/metric_series.h"

#include <cmath>

namespace arf {

double number_at(const Json& line, const std::string& key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number() ? found->get<double>() : std::nan("");
}

Series series_of(const std::vector<Json>& metrics, const std::string& x_key,
                 const std::string& key) {
  Series series{key, {}, {}};
  for (const Json& line : metrics) {
    series.x.push_back(number_at(line, x_key));
    series.y.push_back(number_at(line, key));
  }
  return series;
}

void drop_gaps(Series* series) {
  Series whole{series->name, {}, {}};
  for (std::size_t i = 0; i < series->x.size(); ++i) {
    if (!std::isfinite(series->x[i]) || !std::isfinite(series->y[i])) continue;
    whole.x.push_back(series->x[i]);
    whole.y.push_back(series->y[i]);
  }
  *series = std::move(whole);
}

}  // namespace arf
