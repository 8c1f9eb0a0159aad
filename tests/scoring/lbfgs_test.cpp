#include "scoring/lbfgs.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "core/error.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(lbfgs_test)

BOOST_AUTO_TEST_CASE(FindsTheLowestPointOfACurvedValley) {
  // Rosenbrock's function: its minimum is 0 at (1, 1), behind a bent valley.
  const Objective valley = [](const std::vector<double>& x, std::vector<double>* g) {
    const double bend = x[1] - x[0] * x[0], left = 1 - x[0];
    *g = {-400 * x[0] * bend - 2 * left, 200 * bend};
    return 100 * bend * bend + left * left;
  };
  std::vector<double> x = {-1.2, 1};
  const LbfgsResult result = minimise(valley, &x, {.tolerance = 1e-8});
  BOOST_TEST(result.converged);
  BOOST_TEST(result.iterations < 60);
  BOOST_TEST(result.value < 1e-15);
  BOOST_TEST(x[0] == 1.0, boost::test_tools::tolerance(1e-7));
  BOOST_TEST(x[1] == 1.0, boost::test_tools::tolerance(1e-7));
}

BOOST_AUTO_TEST_CASE(ScalesThatDifferByThousandsAreMet) {
  constexpr std::size_t kSize = 50;
  const auto weight = [](std::size_t i) { return std::pow(10.0, double(i % 4) - 2); };
  const Objective bowl = [&](const std::vector<double>& x, std::vector<double>* g) {
    double value = 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      const double from = x[i] - double(i);
      (*g)[i] = weight(i) * from;
      value += weight(i) * from * from / 2;
    }
    return value;
  };
  std::vector<double> x(kSize, 0.0);
  const LbfgsResult result = minimise(bowl, &x, {.tolerance = 1e-9});
  BOOST_TEST(result.converged);
  for (std::size_t i = 1; i < kSize; ++i) {
    BOOST_TEST(x[i] == double(i), boost::test_tools::tolerance(1e-5));
  }
}

BOOST_AUTO_TEST_CASE(TheIterationsHaveALimitAndAMinimumNeedsNone) {
  const Objective far = [](const std::vector<double>& x, std::vector<double>* g) {
    *g = {std::tanh(x[0] - 1000)};
    return std::abs(x[0] - 1000) + std::log1p(std::exp(-2 * std::abs(x[0] - 1000)));
  };
  std::vector<double> x = {0};
  const LbfgsResult stopped = minimise(far, &x, {.most_iterations = 2});
  BOOST_TEST(stopped.iterations == 2);
  BOOST_TEST(!stopped.converged);
  std::vector<double> there = {1000};
  const LbfgsResult found = minimise(far, &there, {});
  BOOST_TEST(found.iterations == 0);
  BOOST_TEST(found.converged);
}

BOOST_AUTO_TEST_SUITE_END()
