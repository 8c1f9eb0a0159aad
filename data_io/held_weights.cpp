#include "data_io/held_weights.h"

#include "core/error.h"
#include "data_io/safetensors_folder.h"

namespace arf {

HeldWeights::HeldWeights(const std::filesystem::path& folder)
    : folder_(folder), files_(SafetensorsFolder::files_in(folder)) {}

bool HeldWeights::is_unwritten() {
  is_unwritten_ = is_unwritten_ && files_.is_unwritten();
  return is_unwritten_;
}

void HeldWeights::require_unwritten() {
  if (is_unwritten()) return;
  input_error(
      "{}: its weights were written to, or touched, while they were in use; see that they are what "
      "they were, and give the same command again",
      folder_.string());
}

}  // namespace arf
