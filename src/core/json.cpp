#include "core/json.h"

#include <type_traits>
#include <vector>

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

// Looks at the parser's events: how many keys each object that is open has.
class KeyCounter {
 public:
  explicit KeyCounter(const std::string& place) : place_(place) {}
  template <typename Event>
  void see(Event event) {
    if (event == Event::object_start) keys_.push_back(0);
    if (event == Event::object_end) keys_.pop_back();
    if (event != Event::key || ++keys_.back() <= kMostOrderedKeys) return;
    input_error("{}: has an object of more than {} keys", place_, kMostOrderedKeys);
  }

 private:
  const std::string& place_;
  std::vector<std::size_t> keys_;
};

template <typename Kind>
Kind parse_as(std::string_view text, const std::string& place) {
  check_json_nesting(text, place);
  KeyCounter keys(place);
  const auto see = [&](int, typename Kind::parse_event_t event, const Kind&) {
    keys.see(event);
    return true;
  };
  try {
    if constexpr (std::is_same_v<Kind, Json>) return Kind::parse(text, see);
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
  return parse_as<Json>(read_file(path, kMostJsonBytes), path.string());
}

SortedJson read_sorted_json(const std::filesystem::path& path) {
  return parse_as<SortedJson>(read_file(path, kMostJsonBytes), path.string());
}

Json parse_json(std::string_view text, const std::string& place) {
  return parse_as<Json>(text, place);
}

Json json_if_valid(std::string_view text) {
  try {
    return parse_json(text, "");
  } catch (const Error&) {
    return Json(Json::value_t::discarded);
  }
}

SortedJson parse_sorted_json(std::string_view text, const std::string& place) {
  return parse_as<SortedJson>(text, place);
}

}  // namespace arf
