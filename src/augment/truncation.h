// Random truncation of a dialogue's trace (paper 3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/dialogue.h"

namespace arf {

// How many turns may be kept: up to an assistant's reply to a user and, where there is one, the
// user's next message, which says what the reply was worth. Never all turns, never none.
std::vector<std::size_t> cut_places(const Dialogue& dialogue);

// The trace cut at one of them, drawn from (seed, kTruncate, the row's key). None where there is no
// place to cut, as in a question with its answer.
std::optional<Dialogue> truncate_trace(const Dialogue& dialogue, std::uint64_t seed);

// What the random numbers of a row are drawn by: its id, so that its place in the corpus does not
// matter.
std::uint64_t row_key(const Dialogue& dialogue);

// A copy to be changed: its id is the parent's with `suffix`, its provenance names the parent, and
// what belongs to the parent alone (earlier scores) is gone.
Dialogue derive(const Dialogue& parent, const std::string& suffix, const char* augmentation);

}  // namespace arf
