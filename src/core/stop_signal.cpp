#include "core/stop_signal.h"

#include <atomic>
#include <csignal>

namespace arf {
namespace {

std::atomic<bool> wanted = false;

void mask_signals(int how) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGUSR1, SIGINT}) sigaddset(&set, signal);
  ::sigprocmask(how, &set, nullptr);
}

extern "C" void note_stop_signal(int) { wanted = true; }

}  // namespace

void catch_stop_signals() {
  std::signal(SIGTERM, note_stop_signal);
  std::signal(SIGUSR1, note_stop_signal);
}

bool stop_wanted() { return wanted; }

void hold_signals() { mask_signals(SIG_BLOCK); }
void take_signals() { mask_signals(SIG_UNBLOCK); }

}  // namespace arf
