// What a learner looks at before it takes a step: that its units' numbers are finite, and that the
// generators computed them as it would.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "comm/communicator.h"
#include "generation/generator.h"
#include "learning/method.h"
#include "model/policy.h"

namespace arf {

// Whether every reward of the unit's replies is a number.
bool has_finite_rewards(const LearningUnit& unit);

// Collective over the learners. The lowest unit whose gradient (one each) is not finite, of all
// learners, is kept in the run's directory for a user to look at, and ends the run: input_error
// that names it.
void refuse_broken_unit(const Communicator& learners, const std::filesystem::path& run,
                        std::int64_t iteration, const std::vector<LearningUnit>& units,
                        const std::vector<std::vector<float>>& gradients, const Policy& policy);

// The third promise: what the generator recorded is what the policy that sampled would say of the
// same tokens, to the last bit, since both run the same kernels on the same weights: in the
// learner's own pass, packed. Of replies in stored contexts, which no method learns, by the cache
// (the packed sequences of all turns would be many times as long). lost_error with the first
// log-prob that is another.
void check_same_logprobs(const Policy& policy, const std::vector<LearningUnit>& units,
                         TraceContext context);

}  // namespace arf
