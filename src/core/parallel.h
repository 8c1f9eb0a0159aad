// Units side by side: each on one thread, results by index. A unit's bits do not depend on which
// thread ran it or on what ran beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace arf {

// Runs body(0) .. body(count - 1) on up to `num_threads` threads; the first exception (by index)
// is rethrown after all have stopped. num_threads <= 1 runs in the calling thread, in order.
void parallel_for(std::size_t count, int num_threads, const std::function<void(std::size_t)>& body);

// Calls make(u) for whatever u next() gives, until it gives nothing, on up to `num_threads` threads
// side by side, and done(u) in the calling thread, as they become ready. next() is called by one
// thread at a time. The first exception is rethrown after all have stopped.
void parallel_stream(int num_threads, const std::function<std::optional<std::uint32_t>()>& next,
                     const std::function<void(std::uint32_t)>& make,
                     const std::function<void(std::uint32_t)>& done);

// Cores that this process may use: taskset, cgroups' cpusets and mpirun's binding count.
int usable_cores();

}  // namespace arf
