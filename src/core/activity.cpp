#include "core/activity.h"

#include <sys/mman.h>

#include <exception>
#include <new>

#include "core/error.h"
#include "core/fault.h"

namespace arf {
namespace {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "processes share these");

Activity own;
Activity* shown = &own;

}  // namespace

const char* phase_text(Phase phase) {
  switch (phase) {
    case Phase::kStart:
      return "starting";
    case Phase::kLoad:
      return "loading models and corpora";
    case Phase::kGenerate:
      return "sampling replies";
    case Phase::kScore:
      return "scoring replies";
    case Phase::kLearn:
      return "learning";
    case Phase::kSync:
      return "exchanging with other ranks";
    case Phase::kRecord:
      return "writing its metrics";
    case Phase::kCheckpoint:
      return "writing a checkpoint";
    case Phase::kFinish:
      return "writing the result";
  }
  return "working";
}

bool has_units(Phase phase) {
  return phase == Phase::kGenerate || phase == Phase::kScore || phase == Phase::kLearn;
}

Activity& activity() { return *shown; }

void share_activity() {
  void* const page =
      ::mmap(nullptr, sizeof(Activity), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) resource_error("no memory for a page that two processes share");
  shown = new (page) Activity();
}

namespace {
thread_local std::atomic<std::uint64_t>* own_steps = nullptr;  // null: the rank's
}  // namespace

void count_progress_in(std::atomic<std::uint64_t>* steps) { own_steps = steps; }

void note_progress() {
  (own_steps ? *own_steps : activity().steps).fetch_add(1, std::memory_order_relaxed);
}

void note_iteration(std::int64_t iteration) {
  note_no_unit();
  activity().iteration = iteration;
  activity().begun = true;
}

PhaseScope::PhaseScope(Phase phase) : before_(activity().phase) {
  if (has_units(phase)) note_no_unit();
  activity().phase = static_cast<std::int32_t>(phase);
  note_progress();
  meet_faults();
}

// While an error unwinds, the phase that it came in stands.
PhaseScope::~PhaseScope() {
  if (std::uncaught_exceptions() > 0) return;
  activity().phase = before_;
  note_progress();
}

}  // namespace arf
