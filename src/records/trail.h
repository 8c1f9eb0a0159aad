// Hashes (XXH3-64) of what an iteration of a run came to, so that two runs can be compared long
// after: where did they first differ?
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace arf {

struct UnitTrail {
  std::uint64_t replies = 0;   // 0: it has none that were sampled
  std::uint64_t gradient = 0;  // of all passes of the iteration over it
  bool operator==(const UnitTrail&) const = default;
};

struct TrailLine {
  std::int64_t iteration = 0;
  std::map<std::uint32_t, UnitTrail> units;
  std::map<std::string, std::uint64_t> tensors;
  bool operator==(const TrailLine&) const = default;
};

}  // namespace arf
