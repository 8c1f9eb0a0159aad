#include "model/config_reader.h"

#include <cmath>

#include "core/error.h"

namespace arf {

ConfigReader::ConfigReader(const std::filesystem::path& file)
    : where_(file.string()), json_(read_sorted_json(file)) {
  if (!json_.is_object()) input_error("{}: not a JSON object", where_);
}

const SortedJson& ConfigReader::field(const std::string& key) const {
  static const SortedJson null;
  const auto found = json_.find(key);
  return found == json_.end() ? null : *found;
}

std::int64_t ConfigReader::count(const std::string& key, std::optional<std::int64_t> fallback,
                                 std::int64_t most) const {
  const SortedJson& value = field(key);
  if (value.is_null() && fallback) return *fallback;
  if (!value.is_number_integer() || value < 1 || value > most) {
    input_error("{}: `{}` is {}; it must be a whole number from 1 to {}", where_, key, value.dump(),
                most);
  }
  return value.get<std::int64_t>();
}

double ConfigReader::positive(const std::string& key, std::optional<double> fallback) const {
  const SortedJson& value = field(key);
  if (value.is_null() && fallback) return *fallback;
  if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>())) {
    input_error("{}: `{}` is {}; it must be a number above 0", where_, key, value.dump());
  }
  return value.get<double>();
}

bool ConfigReader::flag(const std::string& key, bool fallback) const {
  const SortedJson& value = field(key);
  if (value.is_null()) return fallback;
  if (!value.is_boolean()) {
    input_error("{}: `{}` is {}; it must be true or false", where_, key, value.dump());
  }
  return value.get<bool>();
}

std::string ConfigReader::text(const std::string& key, const std::string& fallback) const {
  const SortedJson& value = field(key);
  if (value.is_null()) return fallback;
  if (!value.is_string()) input_error("{}: `{}` is {}, not a string", where_, key, value.dump());
  return value.get<std::string>();
}

void ConfigReader::refuse(const std::string& key) const {
  const SortedJson& value = field(key);
  const bool harmless = value.is_null() || value == false ||
                        ((value.is_object() || value.is_array()) && value.empty());
  if (!harmless) {
    input_error("{}: `{}` is {}, which arf does not support", where_, key, value.dump());
  }
}

void ConfigReader::refuse_others(const std::set<std::string>& known) const {
  for (const auto& [key, value] : json_.items()) {
    if (!known.contains(key)) refuse(key);
  }
}

}  // namespace arf
