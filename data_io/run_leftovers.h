#pragma once

#include <filesystem>

namespace arf {

// Removes from the folder of a run what its killed processes had not finished, and logs it: files
// and checkpoints of the names that a run gives, ending in `.partial`, and a corpus' or scorer's
// PartialFolder of whatever host. Where another process holds one, or it has another name or other
// content, it is somebody else's and stays. For who holds the run's lock.
void remove_leftovers(const std::filesystem::path& run);

}  // namespace arf
