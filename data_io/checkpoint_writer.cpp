#include "data_io/checkpoint_writer.h"

#include <bit>
#include <utility>

#include "core/activity.h"
#include "core/log.h"

namespace arf {

void CheckpointWriter::start(std::function<void()> write) {
  if (background_.start(std::move(write))) return;
  // At 1, 2, 4, 8...: a slow disk is slow all the time.
  if (!std::has_single_bit(static_cast<std::uint64_t>(++num_left_out_))) return;
  log_warning(
      "the disk is slower than learning: {} checkpoint{} left out so far; a larger checkpoint_every "
      "asks for fewer",
      num_left_out_, num_left_out_ == 1 ? " was" : "s were");
}

void CheckpointWriter::look() {
  const PhaseScope phase(Phase::kCheckpoint);
  if (!background_.is_done() && !background_.stands_still(silence_)) return;
  if (!background_.is_done()) {
    log_warning("the disk has not taken any of a checkpoint for {:.0f} s; learning waits for it",
                silence_);
  }
  background_.wait();
}

}  // namespace arf
