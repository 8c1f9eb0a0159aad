#include "core/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "core/error.h"
#include "core/log.h"

namespace arf {

void keep_freed_memory() {
  ::mallopt(M_MMAP_MAX, 0);              // large buffers from the heap too
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);  // bytes at its end before some go back
  ::mallopt(M_TOP_PAD, 64 << 20);        // bytes more than asked for, each time it grows
}

namespace {

[[noreturn]] void end_of_what_nobody_caught() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc& error) {
    try {
      log_error("{}", as_error(error).what());
    } catch (...) {  // nor is there enough for that
      constexpr std::string_view kShort = "arf: error: out of memory\n";
      if (::write(STDERR_FILENO, kShort.data(), kShort.size()) < 0) std::abort();
    }
    ::_exit(static_cast<int>(ExitCode::kResource));
  } catch (...) {
  }
  std::abort();
}

}  // namespace

void name_lack_of_memory() { std::set_terminate(end_of_what_nobody_caught); }

std::uint64_t machine_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace arf
