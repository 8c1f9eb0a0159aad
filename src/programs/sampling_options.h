// The keys --generate.* that several commands share.
#pragma once

#include "config/options.h"
#include "generation/generator.h"

namespace arf {

// Keys of what a token is drawn from, and of stop strings. Of the temperature, help says more.
void add_sampling_settings(Options& options, SamplingSettings* settings, const std::string& help);

}  // namespace arf
