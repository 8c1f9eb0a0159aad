// A checkpoint whose hashes are right, as in one that a stranger makes.
#pragma once

#include <string>
#include <string_view>

#include "tests/fuzz/fuzz.h"

namespace arf::fuzz {

// state.json and state.safetensors (as of safetensors_file) in checkpoints/step-000000007 of the
// folder. The texts "$numbers" and "$arrays" in state.json stand for the hashes, which no mutation
// would keep right.
void put_checkpoint(const Folder& folder, std::string_view json, std::string_view arrays);

}  // namespace arf::fuzz
