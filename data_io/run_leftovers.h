#pragma once

#include <filesystem>

namespace arf {

// Removes from the folder of a run what its killed processes had not finished, and logs it: files
// and checkpoints of the names that a run gives, ending in `.partial`, and a corpus' or scorer's
// PartialFolder of whatever host, but one that a process holds or that has other files in it.
// Everything else is somebody else's. For who holds the run's lock.
void remove_leftovers(const std::filesystem::path& run);

}  // namespace arf
