// How the process holds its memory.
#pragma once

#include <cstdint>

namespace arf {

// Freed memory stays with the process. glibc gives large buffers back to the kernel at every free
// otherwise, and a training step then spends up to a fifth of its time on page faults. To be called
// before other threads start.
void keep_freed_memory();

// The machine's memory in bytes.
std::uint64_t machine_memory_bytes();

}  // namespace arf
