// What this process is doing, in memory that its guardian (src/guard) reads from outside.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace arf {

enum class Phase : std::int32_t {
  kStart,
  kLoad,
  kGenerate,
  kScore,
  kLearn,
  kSync,
  kRecord,
  kCheckpoint,
  kFinish,
};
// As in "while it was ...": "sampling replies".
const char* phase_text(Phase phase);
// In which a rank works on one unit after another: sampling, scoring, learning.
bool has_units(Phase phase);

// Bits of Activity::roles.
inline constexpr std::int32_t kGeneratorRole = 1, kScorerRole = 2, kLearnerRole = 4;

// In the place of a unit: there is none; it is not known whether there is one.
inline constexpr std::int64_t kNoUnit = -1, kUnknownUnit = -2;
inline constexpr std::size_t kMostUnits = 256;  // that threads of one rank are at
struct UnitPlace {
  std::atomic<std::int64_t> unit{kNoUnit};
};

struct Activity {
  std::atomic<std::uint64_t> steps{0};  // grows with every product, token, unit, message, block
  std::atomic<std::int32_t> phase{0};
  std::atomic<std::int32_t> rank{0}, roles{0};
  // What is worked on; -1: none yet. A unit, the one begun last, belongs to the iteration and to
  // the phase beside it: each of the two begins without one.
  std::atomic<std::int64_t> iteration{-1}, unit{kNoUnit};
  // Those that threads are at, in any order (core/unit_scope.h), and how many found no place.
  std::array<UnitPlace, kMostUnits> under_way;
  std::atomic<std::int32_t> without_place{0};
  // Of the first thread that threw at a unit, or crashed; kNoUnit: that one was at none.
  std::atomic<std::int64_t> failed{kUnknownUnit};
  std::atomic<bool> begun{false};       // the first iteration
  std::atomic<bool> waits{false};       // for other ranks
  std::atomic<std::uint64_t> looks{0};  // grows with each look whether what it waits for has come
  std::atomic<bool> foreseen{false};    // what it ends with: nothing that its unit has done
  std::atomic<bool> finished{false};  // the run, whose results are whole (of the rank that writes)
};

// The process's own; share_activity() moves it to memory that child processes share with it.
Activity& activity();
void share_activity();

// A thread that works beside the rank's own work (core/background.h) counts apart, so that neither
// hides that the other stands still.
void count_progress_in(std::atomic<std::uint64_t>* steps);
void note_progress();
inline void note_look() { activity().looks.fetch_add(1, std::memory_order_relaxed); }
inline void note_no_unit() { activity().unit = kNoUnit; }
void note_iteration(std::int64_t iteration);  // its first call is the beginning

// What is done for an iteration to come: sampling for it while another is learnt.
class IterationScope {
 public:
  explicit IterationScope(std::int64_t iteration) : before_(activity().iteration) {
    turn_to(iteration);
  }
  // While an error unwinds, the iteration that it came in stands.
  ~IterationScope() {
    if (std::uncaught_exceptions() == 0) turn_to(before_);
  }
  IterationScope(const IterationScope&) = delete;
  IterationScope& operator=(const IterationScope&) = delete;

 private:
  // The unit first: a guardian may look in between.
  static void turn_to(std::int64_t iteration) {
    note_no_unit();
    activity().iteration = iteration;
  }
  std::int64_t before_;
};

// That this process waits for other ranks, from its making to its end; while an error unwinds, what
// it came in stands, as of PhaseScope.
class WaitScope {
 public:
  WaitScope() { activity().waits = true; }
  ~WaitScope() {
    if (std::uncaught_exceptions() == 0) activity().waits = false;
  }
  WaitScope(const WaitScope&) = delete;
  WaitScope& operator=(const WaitScope&) = delete;
};

// The phase from its making to its end; then the one before.
class PhaseScope {
 public:
  explicit PhaseScope(Phase phase);
  ~PhaseScope();
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

 private:
  std::int32_t before_;
};

}  // namespace arf
