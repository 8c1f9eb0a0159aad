// Faults on purpose, for tests/fault: ARF_FAULT in the environment says what goes wrong and where.
//   ARF_FAULT=KIND:CONDITION,...    the first time that all conditions hold
//   kinds: kill (signal 9), crash (signal 11), throw, hang, stop (signal 19), slow (every time, not
//   the first only)
//   conditions: rank=N, iteration=N, phase=NAME (generate, score, learn, sync, record, checkpoint,
//   finish, load, start), unit=N, ms=N (of slow)
#pragma once

#include <string>

namespace arf {

// usage_error: ARF_FAULT is not as above. Without it, meet_faults() is one look at a pointer.
void read_faults();
// At a place where a fault may be: a phase that begins, a unit that begins.
void meet_faults();

}  // namespace arf
