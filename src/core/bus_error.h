// Weights are looked at in their mapped files. Where such a file is cut meanwhile, or its disk
// fails, the kernel answers a read with SIGBUS, which ends a program without a word by default.
#pragma once

namespace arf {

// From here on a bus error ends the process with one sentence and exit 3. To be called by main,
// before MPI is started, which takes the signal for itself (core/unit_scope.h).
void name_bus_errors();

// The sentence, on stderr. Safe in a signal's handler.
void say_bus_error();

}  // namespace arf
