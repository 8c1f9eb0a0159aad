// What a dialogue's turns answer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "records/dialogue.h"

namespace arf {

// [turns] the text of the last user's turn before each, within `dialogue`; null where no user spoke
// before. One pass for all: looking back from each turn takes a time quadratic in their number.
std::vector<const std::string*> prompts_of(const Dialogue& dialogue);

// What it takes in memory, at least: a row may have millions of turns, and they may be empty.
// Blocks of rows are ended by it.
std::size_t num_held_bytes(const Dialogue& dialogue);
inline constexpr std::size_t kBytesPerBlock = 16 << 20;

}  // namespace arf
