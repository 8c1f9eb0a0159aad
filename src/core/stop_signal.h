// The request to stop: SIGTERM and SIGUSR1, on which a command writes a checkpoint and ends
// with 85.
#pragma once

namespace arf {

void catch_stop_signals();
bool stop_wanted();  // since catch_stop_signals()

// Signals that ask to stop, SIGINT too, wait from the one call to the other: around a fork.
void hold_signals();
void take_signals();

}  // namespace arf
