// Which unit a thread is at: what a guardian finds where a rank of several threads fails.
#pragma once

#include <cstdint>
#include <set>

#include "core/activity.h"

namespace arf {

// From its making to its end this thread is at the unit, one at a time. An error that unwinds it is
// the unit's.
class UnitScope {
 public:
  explicit UnitScope(std::int64_t unit);
  ~UnitScope();
  UnitScope(const UnitScope&) = delete;
  UnitScope& operator=(const UnitScope&) = delete;

 private:
  UnitScope(std::int64_t unit, int num_exceptions);
  int num_exceptions_;          // under way at its making
  UnitPlace* place_ = nullptr;  // null: all were taken
};

std::int64_t unit_of_thread();  // kNoUnit: none

// Of several threads that failed, one says why (core/parallel.h): a piece of work begins by the
// first, the second is asked where it threw, and the third is given that of the error which is
// rethrown.
void forget_failed_unit();
std::int64_t failed_unit_of_thread();  // kNoUnit: what was thrown here came from no unit
void blame_instead(std::int64_t unit);

// From here on a thread that crashes (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) first says at which
// unit; then it goes on as it would have without. Of a bus error (core/bus_error.h) no unit is to
// blame.
void name_units_of_crashes();

// Units that may be why the process failed: that of the thread that threw or crashed, where one
// said so; else, for a hang or where it was killed, all that are under way. None where they are not
// all known.
std::set<std::int64_t> suspects(const Activity& seen);

}  // namespace arf
