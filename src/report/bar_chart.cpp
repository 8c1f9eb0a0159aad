#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/axis.h"
#include "report/chart.h"
#include "report/html.h"

namespace arf {
namespace {

constexpr double kWidth = 480, kRow = 30, kTop = 34, kLeft = 12, kValues = 140;
constexpr std::size_t kColours = 6;

std::string start(const std::string& title, double height) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\">\n"
      "<text class=\"title\" x=\"{3}\" y=\"18\">{2}</text>\n",
      kWidth, height, escape_html(title), kLeft);
}

// About the width of a text of 12 pixels: 6.6 a character, which is on the wide side.
double names_width(const std::vector<Bar>& bars) {
  std::size_t most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.name.size());
  return std::min(150.0, 6.6 * static_cast<double>(most)) + 14;
}

std::string value_text(const Bar& bar) {
  if (!bar.low || !bar.high) return readable_number(bar.value);
  return fmt::format("{} [{}, {}]", readable_number(bar.value), readable_number(*bar.low),
                     readable_number(*bar.high));
}

std::string draw_bar(const Bar& bar, const Axis& x, double middle, double reference,
                     std::size_t colour) {
  std::string out = fmt::format("<text class=\"ink\" x=\"{}\" y=\"{}\">{}</text>\n", kLeft,
                                middle + 4, escape_html(bar.name));
  if (std::isfinite(bar.value)) {
    const double from = std::min(x.pixel(reference), x.pixel(bar.value));
    const double width = std::max(1.0, std::abs(x.pixel(reference) - x.pixel(bar.value)));
    out += fmt::format(
        "<rect class=\"f{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"14\" "
        "opacity=\".75\"/>\n",
        colour, from, middle - 7, width);
  }
  if (bar.low && bar.high && std::isfinite(*bar.low) && std::isfinite(*bar.high)) {
    const double low = x.pixel(*bar.low), high = x.pixel(*bar.high);
    out += fmt::format(
        "<path class=\"whisker\" d=\"M{0:.1f} {2}H{1:.1f}M{0:.1f} {3}v10M{1:.1f} {3}v10\"/>\n", low,
        high, middle, middle - 5);
  }
  return out + fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kWidth - 8,
                           middle + 4, value_text(bar));
}

}  // namespace

std::string bar_chart(const std::string& title, const std::vector<Bar>& bars, double reference) {
  const double bottom = kTop + kRow * static_cast<double>(bars.size());
  double low = reference, high = reference;
  for (const Bar& bar : bars) {
    for (const double value :
         {bar.value, bar.low.value_or(bar.value), bar.high.value_or(bar.value)}) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  const Axis x(low, high, kLeft + names_width(bars), kWidth - kValues - 14, 4, true);
  std::string out = start(title, bottom + 26);
  for (const double tick : x.ticks()) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        x.pixel(tick), kTop, bottom, bottom + 16, x.label(tick));
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    out +=
        draw_bar(bars[i], x, kTop + kRow * (static_cast<double>(i) + 0.5), reference, i % kColours);
  }
  return out +
         fmt::format(
             "<line class=\"reference\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n"
             "</svg>",
             x.pixel(reference), kTop, bottom);
}

std::string share_chart(const std::string& title, const std::vector<Part>& parts) {
  double sum = 0;
  for (const Part& part : parts) sum += part.value;
  const double height = kTop + 40 + 20 * static_cast<double>((parts.size() + 1) / 2);
  std::string out = start(title, height);
  if (!(sum > 0)) return out + fmt::format("<text x=\"{}\" y=\"44\">no time</text></svg>", kLeft);
  double at = kLeft;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double width = parts[i].value / sum * (kWidth - 2 * kLeft);
    out += fmt::format(
        "<rect class=\"f{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"22\" "
        "opacity=\".85\"/>\n",
        i % kColours, at, kTop, width);
    at += width;
    const double x = kLeft + (i % 2 ? (kWidth - 2 * kLeft) / 2 : 0);
    const double y = kTop + 44 + 20 * static_cast<double>(i / 2);
    out += fmt::format(
        "<rect class=\"f{}\" x=\"{}\" y=\"{}\" width=\"10\" height=\"10\" rx=\"2\"/>"
        "<text x=\"{}\" y=\"{}\">{} <tspan class=\"ink\">{} s, {:.0f} %</tspan></text>\n",
        i % kColours, x, y - 9, x + 15, y, escape_html(parts[i].name),
        readable_number(parts[i].value), 100 * parts[i].value / sum);
  }
  return out + "</svg>";
}

}  // namespace arf
