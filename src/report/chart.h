// Charts as inline SVG, coloured by the page's style sheet.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace arf {

struct Series {
  std::string name;
  std::vector<double> x, y;  // equally long; points whose y is not finite are gaps
};

// Lines over a common x axis. A series of 30 points or more is drawn faintly with its moving mean
// over it; of more than 600, in 600 buckets. The legend tells each series' last value.
std::string line_chart(const std::string& title, const std::string& x_label,
                       const std::vector<Series>& series);

struct Bar {
  std::string name;
  double value = 0;
  std::optional<double> low, high;  // of an interval around it
};

// Horizontal bars from `reference` (a dashed line) to each value, with whiskers.
std::string bar_chart(const std::string& title, const std::vector<Bar>& bars, double reference);

struct Part {
  std::string name;
  double value = 0;  // >= 0
};

// One bar cut into its parts, with the share of each.
std::string share_chart(const std::string& title, const std::vector<Part>& parts);

}  // namespace arf
