// Checkpoints written while learning goes on, on a thread of their own.
#pragma once

#include <cstdint>
#include <functional>

#include "core/background.h"

namespace arf {

class CheckpointWriter {
 public:
  // silence: seconds without a block written, of a disk that does not answer.
  explicit CheckpointWriter(double silence = 10) : silence_(silence) {}

  // Returns while `write` is at work, behind the one before. One that has not been begun when the
  // next is due is left out, as a warning says. Throws what an earlier one threw.
  void start(std::function<void()> write);
  // Between two steps of learning: throws why a checkpoint could not be written, once that is
  // known. A disk that does not answer is waited for, which is said once; a guardian sees it.
  void look();
  // Until all are written; throws what one threw.
  void wait() { background_.wait(); }

 private:
  double silence_;
  Background background_;
  std::int64_t num_left_out_ = 0;
};

}  // namespace arf
