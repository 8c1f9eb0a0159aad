#include "scoring/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>

#include "core/activity.h"
#include "core/error.h"

namespace arf {
namespace {

using Vector = std::vector<double>;

constexpr double kDecrease = 1e-4, kCurvature = 0.9;  // of the Wolfe conditions
constexpr int kMostTrials = 40;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(double factor, const Vector& a, Vector* to) {
  for (std::size_t i = 0; i < a.size(); ++i) (*to)[i] += factor * a[i];
}

double largest(const Vector& a) {
  double most = 0;
  for (const double value : a) most = std::max(most, std::abs(value));
  return most;
}

struct Pair {
  Vector step, change;  // of x, of the gradient
  double product;       // step . change, above 0
};

// The two-loop recursion: minus the inverse Hessian's estimate times the gradient.
Vector direction_from(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector direction = gradient;
  std::vector<double> along(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    along[i] = dot(pairs[i].step, direction) / pairs[i].product;
    add(-along[i], pairs[i].change, &direction);
  }
  double scale = 1 / std::max(largest(gradient), 1.0);
  if (!pairs.empty()) scale = pairs.back().product / dot(pairs.back().change, pairs.back().change);
  for (double& value : direction) value *= scale;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double across = dot(pairs[i].change, direction) / pairs[i].product;
    add(along[i] - across, pairs[i].step, &direction);
  }
  for (double& value : direction) value = -value;
  return direction;
}

struct Point {
  Vector x, gradient;
  double value = 0;
};

// A point along the direction that fulfils both conditions, or, where the trials end before, the
// first one; false where there is none.
bool search(const Objective& objective, const Point& from, const Vector& direction, Point* to) {
  const double slope = dot(from.gradient, direction);
  if (!(slope < 0)) return false;
  double low = 0, high = std::numeric_limits<double>::infinity(), length = 1;
  for (int trial = 0; trial < kMostTrials; ++trial) {
    to->x = from.x;
    add(length, direction, &to->x);
    to->value = objective(to->x, &to->gradient);
    const bool lower = to->value <= from.value + kDecrease * length * slope;  // not of a NaN
    if (lower && dot(to->gradient, direction) >= kCurvature * slope) return true;
    (lower ? low : high) = length;
    length = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return to->value < from.value;
}

}  // namespace

LbfgsResult minimise(const Objective& objective, std::vector<double>* x,
                     const LbfgsSettings& settings) {
  Point at{*x, Vector(x->size()), 0}, next = at;
  at.value = objective(at.x, &at.gradient);
  ARF_CHECK(std::isfinite(at.value), "the first value is {}", at.value);
  std::deque<Pair> pairs;
  LbfgsResult result;
  while (largest(at.gradient) > settings.tolerance &&
         result.iterations < settings.most_iterations) {
    note_progress();
    if (!search(objective, at, direction_from(pairs, at.gradient), &next)) break;
    ++result.iterations;
    Pair pair{next.x, next.gradient, 0};
    add(-1, at.x, &pair.step);
    add(-1, at.gradient, &pair.change);
    pair.product = dot(pair.step, pair.change);
    std::swap(at, next);
    if (pair.product <= 0) continue;
    pairs.push_back(std::move(pair));
    if (pairs.size() > static_cast<std::size_t>(settings.memory)) pairs.pop_front();
  }
  *x = std::move(at.x);
  result.value = at.value;
  result.converged = largest(at.gradient) <= settings.tolerance;
  return result;
}

}  // namespace arf
