// The policy that a run trains, in whichever role it is held.
#pragma once

#include "learning/method.h"
#include "model/policy.h"
#include "roles/train_settings.h"

namespace arf {

inline PolicySettings policy_settings(const TrainSettings& settings) {
  return {settings.lora, make_method(settings.method)->needs_value_head()};
}

}  // namespace arf
