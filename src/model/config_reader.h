// Reads config.json fields with their types checked; every error names file, field and value.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "core/json.h"

namespace arf {

class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& file);  // input_error unless a JSON object

  // `fallback` where the field is absent or null; input_error where there is none, or a value of
  // another type, or outside [1, most].
  std::int64_t count(const std::string& key, std::optional<std::int64_t> fallback = {},
                     std::int64_t most = 1 << 24) const;
  double positive(const std::string& key, std::optional<double> fallback = {}) const;
  bool flag(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;

  bool has(const std::string& key) const { return json_.contains(key); }  // null counts
  // null where the field is absent.
  const SortedJson& field(const std::string& key) const;
  // input_error unless the field is absent, null, false or empty: it would change the result.
  void refuse(const std::string& key) const;
  // The same for every field that is none of `known`.
  void refuse_others(const std::set<std::string>& known) const;
  const std::string& where() const { return where_; }

 private:
  std::string where_;
  SortedJson json_;
};

}  // namespace arf
