#pragma once

#include <filesystem>

#include "core/json.h"

namespace arf {

Json describe_corpus(const std::filesystem::path& path);
Json describe_shard(const std::filesystem::path& path);

}  // namespace arf
