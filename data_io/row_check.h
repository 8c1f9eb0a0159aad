// What a corpus row must satisfy, and the bytes that its digest is made of.
#pragma once

#include <cstdint>
#include <string>

#include "records/dialogue.h"

namespace arf {

inline constexpr std::size_t kLargestTextBytes = 16u << 20;  // one text; more is a mistake

// Each part finite and >= 0, and their sum 1 within 1e-3 (the rounding of a softmax in float32).
bool is_distribution(const Satisfaction& score);

// input_error that begins with `place` and names the field: no id, no turns, text that is not
// UTF-8 or too long, a satisfaction that is no distribution.
void check_dialogue(const Dialogue& dialogue, const std::string& place);

// Every field with its length before it, numbers little-endian (FORMAT.md, "Digest"): two rows
// have the same bytes only where all their fields are equal.
std::string canonical_bytes(const Dialogue& dialogue);

}  // namespace arf
