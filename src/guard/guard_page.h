// What worker and guardian tell each other once, in memory they share.
#pragma once

#include <atomic>

namespace arf {

struct GuardPage {
  static constexpr int kMostBytes = 4000;
  char address[kMostBytes] = "";  // of this guardian, written before the fork
  // Written by the worker before `joined` is set.
  int rank = 0, num_ranks = 1;
  char hub[kMostBytes] = "";
  std::atomic<bool> joined{false};
};

}  // namespace arf
