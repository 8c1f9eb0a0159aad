// A unit that broke, kept so that it can be looked at and worked on again:
//   RUN/broken/iteration-I-unit-U/unit.json           what was learnt from
//   RUN/broken/iteration-I-unit-U/policy.safetensors  the policy's trained tensors then
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/json.h"
#include "learning/method.h"
#include "model/policy.h"
#include "roles/train_settings.h"

namespace arf {

// Writes it under the run's directory and returns where; resource_error where it cannot be written.
std::filesystem::path write_unit_dump(const std::filesystem::path& run, std::int64_t iteration,
                                      const LearningUnit& unit, const Policy& policy);

bool is_unit_dump(const std::filesystem::path& folder);
// input_error where the folder is damaged or another model's.
LearningUnit read_unit(const std::filesystem::path& folder);

// Works on the unit again under `settings` (of the run's config.ini): its loss, its metrics, which
// log-probs, rewards and tensors' gradients are not finite. policy: of those settings; takes over
// the dumped parameters.
Json replay_unit(const std::filesystem::path& folder, const TrainSettings& settings,
                 Policy* policy);

}  // namespace arf
