// How the process holds its memory.
#pragma once

#include <cstdint>

namespace arf {

// Freed memory stays with the process. glibc gives large buffers back to the kernel at every free
// otherwise, and a training step then spends up to a fifth of its time on page faults. To be called
// before other threads start.
void keep_freed_memory();

// A lack of memory that no handler meets, as where a destructor needs some (nlohmann's of a large
// document takes a list), is said in one sentence and exit 4, too, and no abort.
void name_lack_of_memory();

// The machine's memory in bytes.
std::uint64_t machine_memory_bytes();

}  // namespace arf
