#include "report/chart.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "report/axis.h"

using namespace arf;

namespace {
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(chart_test)

BOOST_AUTO_TEST_CASE(ticks_are_round_and_cover_the_values) {
  const Axis axis(-0.13, 0.58, 0, 100, 5, true);
  BOOST_TEST(axis.ticks().size() == 5u);  // -0.2, 0, 0.2, 0.4, 0.6
  BOOST_TEST(axis.label(axis.ticks().front()) == "-0.2");
  BOOST_TEST(axis.label(axis.ticks()[1]) == "0.0");
  BOOST_TEST(axis.label(axis.ticks().back()) == "0.6");
  BOOST_TEST(std::abs(axis.pixel(axis.ticks().front())) < 1e-9);
  BOOST_TEST(std::abs(axis.pixel(axis.ticks().back()) - 100) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_constant_has_an_axis_too) {
  const Axis axis(3, 3, 0, 100, 5, true);
  BOOST_TEST(axis.pixel(3) > 0);
  BOOST_TEST(axis.pixel(3) < 100);
}

// Endless ticks otherwise, or a number of decimals that no int holds.
BOOST_AUTO_TEST_CASE(an_axis_of_any_numbers_has_a_few_ticks) {
  const double ends[] = {-1.7e308, -1e300, -1, -1e-320, 0,      4e-324,
                         1e-310,   1e-300, 1,  1e300,   1.7e308};
  for (const double low : ends) {
    for (const double high : ends) {
      if (high < low) continue;
      const Axis axis(low, high, 0, 100, 5, true);
      BOOST_TEST(axis.ticks().size() > 1u);
      BOOST_TEST(axis.ticks().size() < 20u);
      for (const double tick : axis.ticks()) BOOST_TEST(!axis.label(tick).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(short_series_are_drawn_once_and_long_ones_with_their_mean) {
  Series brief{"a", {0, 1, 2}, {1, 2, 1}}, lengthy{"b", {}, {}};
  for (int i = 0; i < 2000; ++i) {
    lengthy.x.push_back(i);
    lengthy.y.push_back(i % 7);
  }
  const std::string svg = line_chart("t", "x", {brief, lengthy});
  BOOST_TEST(count(svg, "class=\"curve") == 2u);
  BOOST_TEST(count(svg, "class=\"raw") == 1u);
  BOOST_TEST(svg.size() < 40000u);  // 2000 points come in 600 buckets
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_is_a_gap) {
  const std::string svg = line_chart("t", "x", {{"a", {0, 1, 2}, {1, std::nan(""), 2}}});
  BOOST_TEST(count(svg, "nan") == 0u);
  BOOST_TEST(count(line_chart("t", "x", {{"a", {0}, {std::nan("")}}}), "no values") == 1u);
}

BOOST_AUTO_TEST_CASE(bars_run_from_the_reference_and_carry_whiskers) {
  const std::string svg = bar_chart("t", {{"sft", 1, {}, {}}, {"ppo", 1.5, 1.25, 1.75}}, 1);
  BOOST_TEST(count(svg, "class=\"whisker\"") == 1u);
  BOOST_TEST(count(svg, "class=\"reference\"") == 1u);
  BOOST_TEST(count(svg, "1.500 [1.250, 1.750]") == 1u);
}

BOOST_AUTO_TEST_CASE(shares_sum_up) {
  const std::string svg = share_chart("t", {{
                                                "generate",
                                                30,
                                            },
                                            {"learn", 10}});
  BOOST_TEST(count(svg, "30.00 s, 75 %") == 1u);
  BOOST_TEST(count(svg, "10.00 s, 25 %") == 1u);
  BOOST_TEST(count(share_chart("t", {{"a", 0}}), "no time") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
