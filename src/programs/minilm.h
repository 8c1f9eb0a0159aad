// The sentence encoder that `launch/setup.sh --with-minilm` leaves beside LibTorch.
#pragma once

#include <filesystem>

namespace arf {

// How it is installed, for messages.
inline constexpr const char* kGetMiniLm = "`launch/setup.sh --with-minilm`";

// Absolute: all-MiniLM-L6-v2 in $ARF_DEPENDENCIES or, where that is not set, in ~/.cache/arf, as
// setup.sh has it. It need not be there; empty where HOME is not set either.
std::filesystem::path minilm_folder();

// setup.sh renames the whole folder into place: its weights are there only where all of it is.
bool minilm_is_installed();

}  // namespace arf
