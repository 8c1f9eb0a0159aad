// Rows dealt to parts by a hash of their text and nothing else: not by their place in a file, so
// that files may be read in any order, and not by random numbers, so that every seed of a run
// meets the same parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace arf {

enum class SplitPart : std::uint8_t { kTrain = 0, kValidation = 1, kTest = 2 };
inline constexpr std::size_t kNumParts = 3;
inline constexpr const char* kPartNames[kNumParts] = {"train", "validation", "test"};

struct HashedRow {
  std::uint64_t hash = 0;   // of the text; rows of one hash stay in their order
  std::size_t stratum = 0;  // its class: each part and subset has the classes in proportion
};

struct SplitShares {
  double validation = 0.05, test = 0.1;  // >= 0, their sum below 1; the rest is train
};

// The part of each row: of a stratum's rows in the order of their hashes the first are test, the
// next validation, each share rounded to whole rows.
std::vector<SplitPart> split_by_hash(std::span<const HashedRow> rows, const SplitShares& shares);

// Whether each row is in a subset of `count` (of all where there are no more): from each stratum
// its share, what rounding leaves to the strata that lost most. It is drawn by a hash of the hash,
// so that whether a row is taken says nothing of its part.
std::vector<bool> draw_by_hash(std::span<const HashedRow> rows, std::size_t count);

}  // namespace arf
