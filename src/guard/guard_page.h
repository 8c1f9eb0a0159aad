// What worker and guardian tell each other once, in memory they share.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace arf {

struct GuardPage {
  static constexpr std::size_t kMostBytes = 4000;
  // Rank 0's worker wants its guardian to be the hub; then the guardian has written how it is
  // reached, or nothing where it cannot be.
  std::atomic<bool> hub_wanted{false}, hub_ready{false};
  char address[kMostBytes] = "";
  // Written by the worker before `joined` is set.
  int rank = 0, num_ranks = 1;
  char hub[kMostBytes] = "";
  std::atomic<bool> joined{false};
  // Of rank 0: the file of failed units, once the run has a directory, and the run's inputs.
  char failures[kMostBytes] = "";
  std::uint64_t inputs = 0;
  std::atomic<bool> has_failures{false};
};

// A defect where it does not fit.
void copy_text(const std::string& text, char* to);

}  // namespace arf
