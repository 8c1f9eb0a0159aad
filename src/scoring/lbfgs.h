// Minimises a smooth function of many variables: L-BFGS (Nocedal and Wright 2006, algorithm 7.5)
// with a bisecting line search for the weak Wolfe conditions. Every sum has one order.
#pragma once

#include <functional>
#include <vector>

namespace arf {

struct LbfgsSettings {
  int memory = 10;  // pairs of steps and gradient changes that are kept
  int most_iterations = 200;
  double tolerance = 1e-5;  // done where no element of the gradient is larger than this
};

struct LbfgsResult {
  double value = 0;  // at the point found
  int iterations = 0;
  bool converged = false;  // within the tolerance
};

// The value at x; writes the gradient, which has x's size.
using Objective =
    std::function<double(const std::vector<double>& x, std::vector<double>* gradient)>;

// From *x to the point found. It ends where the gradient is within the tolerance, where no step
// along the direction lowers the value any more, or after the most iterations.
LbfgsResult minimise(const Objective& objective, std::vector<double>* x,
                     const LbfgsSettings& settings);

}  // namespace arf
