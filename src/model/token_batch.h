// Tokens of several sequences, packed, with the positions whose log-prob is wanted.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ops/ops.h"

namespace arf {

// Example: sequences [5 6 7] and [5 9] with the last token of each scored:
// tokens {5,6,7,5,9}, segments.offsets {0,3,5}, targets {2,4}.
struct TokenBatch {
  std::vector<std::int32_t> tokens;   // [N]
  ops::Segments segments{{0}};        // offsets into tokens
  std::vector<std::int32_t> targets;  // [S] indices into tokens, ascending; never a segment's first

  // Appends a sequence; tokens [score_begin, score_end) of it are scored (score_begin >= 1).
  void append(const std::vector<std::int32_t>& sequence, std::size_t score_begin,
              std::size_t score_end);
  // Appends a sequence with several scored ranges.
  void append(const std::vector<std::int32_t>& sequence,
              const std::vector<std::pair<std::size_t, std::size_t>>& ranges);
};

}  // namespace arf
