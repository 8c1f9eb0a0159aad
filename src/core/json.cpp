#include "core/json.h"

#include "core/error.h"
#include "core/file.h"

namespace arf {

namespace {

template <typename Kind>
Kind read_as(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    return Kind::parse(text);
  } catch (const typename Kind::exception& error) {
    input_error("{}: is not valid JSON: {}", path.string(), error.what());
  }
}

}  // namespace

Json read_json(const std::filesystem::path& path) { return read_as<Json>(path); }

SortedJson read_sorted_json(const std::filesystem::path& path) { return read_as<SortedJson>(path); }

}  // namespace arf
