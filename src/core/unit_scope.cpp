#include "core/unit_scope.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <exception>

#include "core/bus_error.h"
#include "core/fault.h"

namespace arf {
namespace {

constexpr std::array kCrashes = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

constinit thread_local std::int64_t own_unit = kNoUnit, own_failed = kNoUnit;
std::array<struct sigaction, NSIG> before;  // what a signal did, by its number

// The first stays.
void blame(std::int64_t unit) {
  std::int64_t unknown = kUnknownUnit;
  activity().failed.compare_exchange_strong(unknown, unit);
}

// What it calls may be called by a handler. The signal is blocked until this returns, and is then
// met where it came, by whoever would have had it: Open MPI prints the stack.
void name_unit_of_crash(int signal, siginfo_t* info, void* /*context*/) {
  if (signal == SIGBUS) say_bus_error();
  blame(signal == SIGBUS ? kNoUnit : own_unit);
  ::sigaction(signal, &before[static_cast<std::size_t>(signal)], nullptr);
  if (::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), ::gettid(), signal, info) != 0) ::raise(signal);
}

}  // namespace

// What is thrown here unwinds the scope too: it was made by the constructor below.
UnitScope::UnitScope(std::int64_t unit) : UnitScope(unit, std::uncaught_exceptions()) {
  note_progress();
  meet_faults();
}

UnitScope::UnitScope(std::int64_t unit, int num_exceptions) : num_exceptions_(num_exceptions) {
  own_unit = unit;
  activity().unit = unit;
  for (UnitPlace& place : activity().under_way) {
    std::int64_t free = kNoUnit;
    if (!place.unit.compare_exchange_strong(free, unit)) continue;
    place_ = &place;
    return;
  }
  ++activity().without_place;
}

// The failure first: a guardian may look in between.
UnitScope::~UnitScope() {
  if (std::uncaught_exceptions() > num_exceptions_) {
    own_failed = own_unit;
    blame(own_unit);
  }
  if (place_) place_->unit = kNoUnit;
  if (!place_) --activity().without_place;
  own_unit = kNoUnit;
}

std::int64_t unit_of_thread() { return own_unit; }

void forget_failed_unit() { own_failed = kNoUnit; }
std::int64_t failed_unit_of_thread() { return own_failed; }
void blame_instead(std::int64_t unit) { activity().failed = unit; }

void name_units_of_crashes() {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  action.sa_sigaction = name_unit_of_crash;
  for (const int signal : kCrashes) {
    // What was there has to be known before the handler may run.
    ::sigaction(signal, nullptr, &before[static_cast<std::size_t>(signal)]);
    ::sigaction(signal, &action, nullptr);
  }
}

std::set<std::int64_t> suspects(const Activity& seen) {
  std::set<std::int64_t> units;
  for (const UnitPlace& place : seen.under_way) {
    if (const std::int64_t unit = place.unit; unit >= 0) units.insert(unit);
  }
  if (seen.without_place > 0) units.clear();
  const std::int64_t failed = seen.failed;  // last, as it is set before its place is free
  if (failed == kUnknownUnit) return units;
  return failed >= 0 ? std::set{failed} : std::set<std::int64_t>();
}

}  // namespace arf
