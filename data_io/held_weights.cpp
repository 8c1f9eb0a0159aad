#include "data_io/held_weights.h"

#include "core/error.h"
#include "data_io/safetensors_folder.h"

namespace arf {

HeldWeights::HeldWeights(const std::filesystem::path& folder)
    : folder_(folder), files_(SafetensorsFolder::files_in(folder)) {}

void HeldWeights::require_same(const std::string& digest) {
  if (files_.is_unwritten()) return;
  files_.renew();  // before they are read: what is written meanwhile is seen the next time
  if (SafetensorsFolder::digest_of(files_.held()) != digest) {
    input_error(
        "{}: its weights were written to while they were in use; bring back what was there, and "
        "give the same command again",
        folder_.string());
  }
}

}  // namespace arf
