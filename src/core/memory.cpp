#include "core/memory.h"

#include <malloc.h>
#include <unistd.h>

namespace arf {

void keep_freed_memory() {
  ::mallopt(M_MMAP_MAX, 0);              // large buffers from the heap too
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);  // bytes at its end before some go back
  ::mallopt(M_TOP_PAD, 64 << 20);        // bytes more than asked for, each time it grows
}

std::uint64_t machine_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace arf
