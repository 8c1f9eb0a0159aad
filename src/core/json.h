// JSON with the order of keys kept, so that the files we write read well and hash alike.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace arf {

using Json = nlohmann::ordered_json;
using SortedJson =
    nlohmann::json;  // for objects of many keys: an ordered one finds a key by search

// The file's JSON; input_error with path and byte position where it does not parse.
Json read_json(const std::filesystem::path& path);
SortedJson read_sorted_json(const std::filesystem::path& path);

}  // namespace arf
