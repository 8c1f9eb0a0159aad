// Numbers of a run that mean trouble long before they are not finite: a warning when one begins.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "core/json.h"

namespace arf {

struct AlarmSettings {     // 0 turns one off
  double grad_norm = 100;  // above: before clipping
  double kl = 1;           // above: nats a token, to the base
  double entropy = 0.01;   // below: nats a token
  double ratio = 10;       // above, or below its inverse
  double reward = 0.3;     // below the best so far by so much, both means of 20 iterations
};

class Alarms {
 public:
  static constexpr std::size_t kRewards = 20;

  // earlier: the lines of a run that goes on, so that it warns as if it had not been stopped.
  Alarms(const AlarmSettings& settings, const std::vector<Json>& earlier);

  // A sentence for each that this line begins. active() is the number of those that hold now.
  std::vector<std::string> look(const Json& line);
  std::size_t active() const { return active_.size(); }

 private:
  double reward_fall(const Json& line);
  AlarmSettings settings_;
  std::set<std::string> active_;
  std::deque<double> rewards_;  // of the last iterations
  double best_ = -1;            // the largest mean of kRewards so far
};

}  // namespace arf
