// The keys of `arf train`.
#pragma once

#include "config/options.h"
#include "roles/train_settings.h"

namespace arf {

void add_train_settings(Options& options, TrainSettings* settings);

}  // namespace arf
