#pragma once

#include <cstdint>
#include <filesystem>

#include "core/json.h"

namespace arf {

Json describe_corpus(const std::filesystem::path& path, std::uint64_t sample_rows);
Json describe_shard(const std::filesystem::path& path, std::uint64_t sample_rows);

}  // namespace arf
