// JSON with the order of keys kept, so that the files we write read well and hash alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace arf {

using Json = nlohmann::ordered_json;
using SortedJson =
    nlohmann::json;  // for objects of many keys: an ordered one finds a key by search

// Levels of nesting that are read: what copies, compares or prints a value calls itself for each.
inline constexpr int kDeepestJson = 200;

// Keys of one object that are read in order: an ordered object takes a time that is quadratic in
// them.
inline constexpr std::size_t kMostOrderedKeys = 4096;

// Of a text: one takes up to some hundred bytes of memory. A vocabulary of 256,000 with its merges
// has two million.
inline constexpr std::size_t kMostJsonValues = 8 << 20;

// Of a file. Large vocabularies take tens of MB.
inline constexpr std::uint64_t kMostJsonBytes = std::uint64_t{128} << 20;

// The file's JSON; input_error with path and byte position where it does not parse, is nested
// deeper than kDeepestJson, has more than kMostJsonBytes or kMostJsonValues or an object of more
// than kMostOrderedKeys. Files from elsewhere with larger objects (vocabularies, tensors) are read
// sorted.
Json read_json(const std::filesystem::path& path);
SortedJson read_sorted_json(const std::filesystem::path& path);
// The same of a text; place: the file, for messages.
Json parse_json(std::string_view text, const std::string& place);
SortedJson parse_sorted_json(std::string_view text, const std::string& place);

// Nothing (is_discarded()) where parse_json would refuse the text.
Json json_if_valid(std::string_view text);

// Only nesting and number of values: for those who parse otherwise.
void check_json_bounds(std::string_view text, const std::string& place);

}  // namespace arf
