#include "learning/gae.h"

#include "core/error.h"

namespace arf {

Advantages generalised_advantages(std::span<const double> rewards, std::span<const double> values,
                                  double gamma, double lambda) {
  ARF_CHECK(rewards.size() == values.size(), "{} rewards, {} values", rewards.size(),
            values.size());
  const std::size_t n = rewards.size();
  Advantages result{std::vector<double>(n), std::vector<double>(n)};
  double next_value = 0, next_advantage = 0;
  for (std::size_t t = n; t-- > 0;) {
    const double delta = rewards[t] + gamma * next_value - values[t];
    next_advantage = delta + gamma * lambda * next_advantage;
    next_value = values[t];
    result.advantages[t] = next_advantage;
    result.returns[t] = next_advantage + values[t];
  }
  return result;
}

}  // namespace arf
