// The rows of a corpus or shard that `arf inspect` shows. One may have millions of turns, so that
// neither of its forms is made before it is printed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/json.h"
#include "records/dialogue.h"

namespace arf {

// For a reader: of a long dialogue the first and the last turns, and how many lie between.
void print_row(const Dialogue& row);

// As one JSON document: `description`, which is not empty, and behind it, under "samples", the
// first `count` rows of `path`, whole; satisfaction is [bad, neutral, good].
void print_json_with_rows(const Json& description, const std::filesystem::path& path,
                          std::uint64_t count);

}  // namespace arf
