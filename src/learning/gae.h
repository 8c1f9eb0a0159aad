// Generalised advantage estimation (Schulman et al. 2016).
#pragma once

#include <span>
#include <vector>

namespace arf {

struct Advantages {
  std::vector<double> advantages;  // [n]
  std::vector<double> returns;     // [n] advantage + value: what the value head should say
};

// Of one episode of n steps that ends after the last one (value 0 there), eq. 16 there:
//   delta_t = r_t + gamma V_(t+1) - V_t,   A_t = delta_t + gamma lambda A_(t+1)
Advantages generalised_advantages(std::span<const double> rewards, std::span<const double> values,
                                  double gamma, double lambda);

}  // namespace arf
