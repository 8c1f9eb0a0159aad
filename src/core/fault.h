// Faults on purpose, for tests/fault: ARF_FAULT in the environment says what goes wrong and where.
//   ARF_FAULT=KIND:CONDITION,...    the first time that all conditions hold
//   kinds: kill (signal 9), crash (signal 11), throw, hang, stop (signal 19), slow (every time, not
//   the first only), flip (a bit of what the rank sends next, or of a policy that it receives)
//   Faults of a disk: tests/fault/disk_faults.c.
//   conditions: rank=N, role=NAME (generator, scorer, learner), iteration=N, phase=NAME (generate,
//   score, learn, sync, record, checkpoint, finish, load, start), unit=N, ms=N (of slow)
#pragma once

#include <cstddef>
#include <string>

namespace arf {

// usage_error: ARF_FAULT is not as above. Without it, meet_faults() is one look at a pointer.
void read_faults();
// At a place where a fault may be: a phase that begins, a unit that begins.
void meet_faults();
// Where bytes are under way, behind their hash.
void meet_bit_flips(void* bytes, std::size_t size);

}  // namespace arf
