#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/axis.h"
#include "report/chart.h"
#include "report/html.h"

namespace arf {
namespace {

constexpr double kWidth = 480, kHeight = 270, kLeft = 70, kRight = 14, kBottom = 40;
constexpr std::size_t kColours = 6, kMostPoints = 600, kSmoothedFrom = 30;

Series without_gaps(const Series& series) {
  Series kept{series.name, {}, {}};
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    if (!std::isfinite(series.y[i]) || !std::isfinite(series.x[i])) continue;
    kept.x.push_back(series.x[i]);
    kept.y.push_back(series.y[i]);
  }
  return kept;
}

Series in_buckets(const Series& series) {
  const std::size_t n = series.y.size();
  if (n <= kMostPoints) return series;
  Series reduced{series.name, {}, {}};
  for (std::size_t b = 0; b < kMostPoints; ++b) {
    const std::size_t begin = b * n / kMostPoints, end = (b + 1) * n / kMostPoints;
    double x = 0, y = 0;
    for (std::size_t i = begin; i < end; ++i) {
      x += series.x[i];
      y += series.y[i];
    }
    reduced.x.push_back(x / static_cast<double>(end - begin));
    reduced.y.push_back(y / static_cast<double>(end - begin));
  }
  return reduced;
}

// The mean of the points within a twentieth of the series around each.
Series smoothed(const Series& series) {
  const std::size_t n = series.y.size(), half = std::max<std::size_t>(2, n / 40);
  Series mean{series.name, series.x, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t begin = i < half ? 0 : i - half, end = std::min(n, i + half + 1);
    double sum = 0;
    for (std::size_t j = begin; j < end; ++j) sum += series.y[j];
    mean.y.push_back(sum / static_cast<double>(end - begin));
  }
  return mean;
}

std::string polyline(const Series& series, const Axis& x, const Axis& y, const std::string& css) {
  std::string points;
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    points += fmt::format("{:.1f},{:.1f} ", x.pixel(series.x[i]), y.pixel(series.y[i]));
  }
  return fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", css, points);
}

std::string curves(const Series& series, std::size_t colour, const Axis& x, const Axis& y) {
  if (series.y.size() == 1) {
    return fmt::format("<circle class=\"f{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n", colour,
                       x.pixel(series.x[0]), y.pixel(series.y[0]));
  }
  if (series.y.size() < kSmoothedFrom)
    return polyline(series, x, y, fmt::format("curve k{}", colour));
  return polyline(series, x, y, fmt::format("raw k{}", colour)) +
         polyline(smoothed(series), x, y, fmt::format("curve k{}", colour));
}

std::string axes(const Axis& x, const Axis& y, double top, const std::string& x_label) {
  std::string out;
  const double bottom = kHeight - kBottom;
  for (const double tick : y.ticks()) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        kLeft, kWidth - kRight, y.pixel(tick), y.pixel(tick), kLeft - 7, y.pixel(tick) + 4,
        y.label(tick));
  }
  for (const double tick : x.ticks()) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        x.pixel(tick), bottom, bottom + 4, bottom + 17, x.label(tick));
  }
  return out + fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                           kWidth - kRight, kHeight - 6, escape_html(x_label));
}

// Entries of about equal room; returns the height they take.
double legend(const std::vector<Series>& series, std::string* out) {
  constexpr std::size_t kPerRow = 2;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double x = 12 + static_cast<double>(i % kPerRow) * (kWidth - 24) / kPerRow;
    const double y = 40 + 17 * static_cast<double>(i / kPerRow);
    *out += fmt::format(
        "<rect class=\"f{}\" x=\"{}\" y=\"{}\" width=\"10\" height=\"10\" rx=\"2\"/>"
        "<text x=\"{}\" y=\"{}\">{} <tspan class=\"ink\">{}</tspan></text>\n",
        i % kColours, x, y - 9, x + 15, y, escape_html(series[i].name),
        readable_number(series[i].y.back()));
  }
  return 17 * static_cast<double>((series.size() + kPerRow - 1) / kPerRow);
}

}  // namespace

std::string line_chart(const std::string& title, const std::string& x_label,
                       const std::vector<Series>& all) {
  std::vector<Series> series;
  double low_x = INFINITY, high_x = -INFINITY, low_y = INFINITY, high_y = -INFINITY;
  for (const Series& one : all) {
    series.push_back(in_buckets(without_gaps(one)));
    if (series.back().y.empty()) {
      series.pop_back();
      continue;
    }
    const auto [x_min, x_max] = std::minmax_element(series.back().x.begin(), series.back().x.end());
    const auto [y_min, y_max] = std::minmax_element(series.back().y.begin(), series.back().y.end());
    low_x = std::min(low_x, *x_min), high_x = std::max(high_x, *x_max);
    low_y = std::min(low_y, *y_min), high_y = std::max(high_y, *y_max);
  }
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n"
      "<text class=\"title\" x=\"12\" y=\"18\">{}</text>\n",
      kWidth, kHeight, escape_html(title), escape_html(title));
  if (series.empty()) return out + "<text x=\"12\" y=\"44\">no values</text></svg>";
  const double top = 40 + legend(series, &out);
  const Axis x(low_x, high_x, kLeft, kWidth - kRight, 6, false);
  const Axis y(low_y, high_y, kHeight - kBottom, top, 5, true);
  out += axes(x, y, top, x_label);
  for (std::size_t i = 0; i < series.size(); ++i) out += curves(series[i], i % kColours, x, y);
  return out + "</svg>";
}

}  // namespace arf
