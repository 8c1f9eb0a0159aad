#include "roles/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace arf {
namespace {

std::optional<double> number(const Json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_number()) return {};
  return found->get<double>();
}

}  // namespace

Alarms::Alarms(const AlarmSettings& settings, const std::vector<Json>& earlier)
    : settings_(settings) {
  for (const Json& line : earlier) look(line);
}

// By how much the mean of the last rewards is below the best; 0 until there are enough.
double Alarms::reward_fall(const Json& line) {
  if (const auto reward = number(line, "reward/mean")) rewards_.push_back(*reward);
  if (rewards_.size() > kRewards) rewards_.pop_front();
  if (rewards_.size() < kRewards) return 0;
  const double mean = std::accumulate(rewards_.begin(), rewards_.end(), 0.0) / kRewards;
  best_ = std::max(best_, mean);
  return best_ - mean;
}

std::vector<std::string> Alarms::look(const Json& line) {
  const auto iteration = line.value("iteration", std::int64_t{0});
  std::vector<std::string> begun;
  const auto hold = [&](const std::string& name, bool holds, const std::string& text) {
    if (!holds) {
      active_.erase(name);
    } else if (active_.insert(name).second) {
      begun.push_back(fmt::format("iteration {}: {} (alarm.{})", iteration, text, name));
    }
  };
  const AlarmSettings& s = settings_;
  if (const auto norm = number(line, "grad_norm/all")) {
    hold("grad_norm", s.grad_norm > 0 && *norm > s.grad_norm,
         fmt::format("the gradient's norm is {:.3g}, over {:.3g}: the step is clipped to little of "
                     "it; lower train.learning_rate, or look at the loss",
                     *norm, s.grad_norm));
  }
  if (const auto kl = number(line, "kl")) {
    hold("kl", s.kl > 0 && *kl > s.kl,
         fmt::format("the policy is {:.3g} nats a token from the base, over {:.3g}: it may have "
                     "forgotten how to speak; raise method.kl_coefficient or stop sooner",
                     *kl, s.kl));
  }
  if (const auto entropy = number(line, "entropy")) {
    hold(
        "entropy", s.entropy > 0 && *entropy < s.entropy,
        fmt::format("the policy's entropy is {:.3g} nats a token, below {:.3g}: its replies hardly "
                    "differ; raise method.entropy_coefficient",
                    *entropy, s.entropy));
  }
  const auto low = number(line, "ratio/min"), high = number(line, "ratio/max");
  if (low && high) {
    const double widest = std::max(*high, *low > 0 ? 1 / *low : *high);
    hold("ratio", s.ratio > 0 && widest > s.ratio,
         fmt::format("a token's probability changed by a factor of {:.3g} in one iteration, over "
                     "{:.3g}; lower train.learning_rate, method.epochs or train.staleness",
                     widest, s.ratio));
  }
  const double fall = reward_fall(line);
  hold("reward", s.reward > 0 && fall > s.reward,
       fmt::format("the reward's mean over {} iterations is {:.3g} below its best, over {:.3g}",
                   kRewards, fall, s.reward));
  return begun;
}

}  // namespace arf
