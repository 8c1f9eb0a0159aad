#include "core/json.h"

#include <algorithm>
#include <array>
#include <type_traits>

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

// What a text says of its size by brackets, commas and colons outside of strings, before memory is
// taken for it. A parser that tells of each value would do, but nlohmann's looks through all
// siblings behind each object then.
class Bounds {
 public:
  Bounds(const std::string& place, std::size_t most_keys) : place_(place), most_keys_(most_keys) {}

  void see(char mark, std::size_t at) {
    if (mark == '[' || mark == '{') {
      if (++depth_ > kDeepestJson) {
        input_error("{}: is nested deeper than {} levels at byte {}", place_, kDeepestJson, at);
      }
      keys_[depth_] = 0;
      count_value();
    } else if (mark == ']' || mark == '}') {
      depth_ = std::max(depth_ - 1, 0);
    } else if (mark == ',') {
      count_value();
    } else if (++keys_[depth_] > most_keys_) {
      input_error("{}: has an object of more than {} keys", place_, most_keys_);
    }
  }

 private:
  void count_value() {
    if (++values_ <= kMostJsonValues) return;
    input_error("{}: has more than {} values", place_, kMostJsonValues);
  }

  const std::string& place_;
  std::size_t most_keys_, values_ = 0;
  int depth_ = 0;
  std::array<std::size_t, kDeepestJson + 1> keys_{};  // of each object that is open
};

void check_bounds(std::string_view text, const std::string& place, std::size_t most_keys) {
  constexpr std::string_view kMarks = "\"[]{},:";
  Bounds bounds(place, most_keys);
  for (std::size_t at = text.find_first_of(kMarks); at < text.size();
       at = text.find_first_of(kMarks, at)) {
    if (text[at] == '"') {
      at = string_end(text, at);
    } else {
      bounds.see(text[at], at);
      ++at;
    }
  }
}

template <typename Kind>
Kind parse_as(std::string_view text, const std::string& place) {
  check_bounds(text, place, std::is_same_v<Kind, Json> ? kMostOrderedKeys : SIZE_MAX);
  try {
    return Kind::parse(text);
  } catch (const typename Kind::exception& error) {
    input_error("{}: is not valid JSON: {}", place, error.what());
  }
}

}  // namespace

void check_json_bounds(std::string_view text, const std::string& place) {
  check_bounds(text, place, SIZE_MAX);
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
