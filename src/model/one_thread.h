// Threads inside LibTorch's operations.
#pragma once

namespace arf {

// From here on this thread's operations use no other threads: a unit runs on one thread, which
// keeps its bits and costs nothing, since units run side by side (core/parallel.h).
void use_one_thread();

}  // namespace arf
