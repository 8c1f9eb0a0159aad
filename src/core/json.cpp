#include "core/json.h"

#include "core/error.h"
#include "core/file.h"

namespace arf {

namespace {

// One past the string that begins at the quote `at`; the text's end where nothing closes it.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (at = text.find_first_of("\"\\", at + 1); at < text.size() && text[at] == '\\';) {
    at = text.find_first_of("\"\\", at + 2);
  }
  return at < text.size() ? at + 1 : text.size();
}

template <typename Kind>
Kind parse_as(std::string_view text, const std::string& place) {
  check_json_nesting(text, place);
  try {
    return Kind::parse(text);
  } catch (const typename Kind::exception& error) {
    input_error("{}: is not valid JSON: {}", place, error.what());
  }
}

}  // namespace

void check_json_nesting(std::string_view text, const std::string& place) {
  int depth = 0;
  for (std::size_t at = text.find_first_of("\"[]{}"); at < text.size();
       at = text.find_first_of("\"[]{}", at)) {
    if (text[at] == '"') {
      at = string_end(text, at);
      continue;
    }
    depth += text[at] == '[' || text[at] == '{' ? 1 : -1;
    if (depth > kDeepestJson) {
      input_error("{}: is nested deeper than {} levels at byte {}", place, kDeepestJson, at);
    }
    ++at;
  }
}

Json read_json(const std::filesystem::path& path) {
  return parse_as<Json>(read_file(path), path.string());
}

SortedJson read_sorted_json(const std::filesystem::path& path) {
  return parse_as<SortedJson>(read_file(path), path.string());
}

SortedJson parse_sorted_json(std::string_view text, const std::string& place) {
  return parse_as<SortedJson>(text, place);
}

}  // namespace arf
