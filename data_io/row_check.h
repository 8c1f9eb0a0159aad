// What a corpus row must satisfy, and the bytes that its digest is made of.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "records/dialogue.h"

namespace arf {

inline constexpr std::size_t kLargestTextBytes = 16u << 20;  // one text; more is a mistake

// Each part finite and >= 0, and their sum 1 within 1e-3 (the rounding of a softmax in float32).
bool is_distribution(const Satisfaction& score);

// Where a row stands, for messages: made only where something is wrong with it.
using Place = std::function<std::string()>;

// input_error that begins with `place` and names the field: no id, no turns, text that is not
// UTF-8 or too long, a satisfaction that is no distribution.
void check_dialogue(const Dialogue& dialogue, const Place& place);

// Appends every field with its length before it, numbers little-endian (FORMAT.md, "Digest"): two
// rows have the same bytes only where all their fields are equal.
void append_canonical(const Dialogue& dialogue, std::string* bytes);

}  // namespace arf
