// What units report, brought together: always added in the order of units, so that the sums have
// the same bits on any number of ranks.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "comm/communicator.h"
#include "learning/method.h"

namespace arf {

// Rewards, stored scores and the number of the unit's sampled replies.
UnitMetrics reward_metrics(const LearningUnit& unit);

// Collective over the learners. The metrics of all units, in the order of their indices, on every
// learner; `mine` maps unit -> metrics. A unit that two learners report is a defect.
std::vector<UnitMetrics> gather_metrics(const Communicator& learners,
                                        const std::map<std::uint32_t, UnitMetrics>& mine);

// Sums in the given order; the extremes of ratio_min and ratio_max.
UnitMetrics total_metrics(const std::vector<UnitMetrics>& units);

// For a message to a rank that does not learn.
std::vector<double> metrics_to_doubles(const UnitMetrics& metrics);
UnitMetrics metrics_from_doubles(const std::vector<double>& values);  // defect: a wrong count

}  // namespace arf
