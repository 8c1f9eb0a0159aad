#include "core/stop_signal.h"

#include <atomic>
#include <csignal>

namespace arf {
namespace {

std::atomic<bool> wanted = false;

extern "C" void note_stop_signal(int) { wanted = true; }

}  // namespace

void catch_stop_signals() {
  std::signal(SIGTERM, note_stop_signal);
  std::signal(SIGUSR1, note_stop_signal);
}

bool stop_wanted() { return wanted; }

}  // namespace arf
