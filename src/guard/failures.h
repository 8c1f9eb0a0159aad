// Units that ranks failed at, a line each in a run's failures.jsonl, so that one that fails every
// time does not keep a job starting for ever. With other inputs (their hash is in the line) a unit
// has other dialogues.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "guard/watch.h"

namespace arf {

struct FailedUnits {
  std::int64_t iteration = 0;
  std::set<std::int64_t> units;  // one of them is why, or may be
  std::string phase;             // "learning"
  bool is_known = false;         // each time no other unit could be why
  bool operator==(const FailedUnits&) const = default;
};

// Adds a line where the exit code is a rank's own failure (1, 5) that nobody foresaw, and units
// that it was sampling, scoring or learning may be why; else nothing. An error of writing is
// logged: the job ends in any case.
void note_failure(const std::filesystem::path& file, std::uint64_t inputs, int code,
                  const Sighting& at);

// The units that the last two lines of these inputs have in common.
std::optional<FailedUnits> failed_twice(const std::filesystem::path& file, std::uint64_t inputs);

}  // namespace arf
