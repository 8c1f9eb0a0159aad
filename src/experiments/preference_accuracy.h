// Whether a scorer prefers what was chosen.
#pragma once

#include <cstdint>
#include <filesystem>

#include "scoring/scorer.h"

namespace arf {

struct PreferenceAccuracy {
  std::uint64_t pairs = 0;
  double accuracy = 0;  // share of pairs whose chosen response has the larger reward; a tie is half
};

// Of all rows of a corpus that have a rejected response; input_error where none has.
PreferenceAccuracy measure_preference(const Scorer& scorer, const std::filesystem::path& pairs,
                                      const Workers& workers);

}  // namespace arf
