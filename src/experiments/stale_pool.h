// Stored messages of tasks that were liked when they came and are not any more: what a reward
// corpus holds after a change of taste, and what re-scoring is for (paper 5.2, table 6).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "scoring/scorer.h"

namespace arf {

struct PoolCounts {
  std::uint64_t rows = 0;
  double came_with = 0;  // mean reward of the stored scores, as they are in the corpus
  double stored = 0;     // as they are in the pool
};

// How stored scores are met again before they are written (eq. 13, 14).
struct Rescoring {
  const Scorer& scorer;
  double s_sig;
  Workers workers;
};

// Of a corpus of figure 3's stream (preference_stream.h), the messages of the tasks that turn
// negative in it, from the phases in which they were liked, in an order drawn by their ids; at most
// `most`. input_error where there is none.
PoolCounts write_stale_pool(const std::filesystem::path& corpus, std::uint64_t most,
                            const std::optional<Rescoring>& rescoring,
                            const std::filesystem::path& to);

}  // namespace arf
