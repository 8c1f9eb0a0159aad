// What options say of themselves: the configuration that was resolved, and the help.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "config/options.h"
#include "core/json.h"

namespace arf {
namespace {

// A value as a line of a file has it: in quotes, as a string of JSON, where it would not come back
// from trimming or is in quotes itself.
std::string to_file(const std::string& value) {
  const std::string_view blanks = " \t\r";  // what a line is trimmed of
  const bool plain = !value.empty() && blanks.find(value.front()) == std::string::npos &&
                     blanks.find(value.back()) == std::string::npos &&
                     value.find_first_of("\n\r") == std::string::npos && !value.starts_with('"');
  return plain ? value : Json(value).dump();
}

}  // namespace

std::string Options::resolved(bool only_what_affects_the_result) const {
  std::string text = "# arf " + command_ + "\n", section;
  for (const Entry& entry : entries_) {
    if (only_what_affects_the_result && !entry.affects_result) continue;
    if (entry.key == "output" || entry.key == "json") continue;
    const auto dot = entry.key.find('.');
    const std::string of = dot == std::string::npos ? "" : entry.key.substr(0, dot);
    const std::string name = dot == std::string::npos ? entry.key : entry.key.substr(dot + 1);
    const auto values = entry.get();
    // An empty value is written where it is not what stands without it.
    const bool is_empty = values.empty() || (values.size() == 1 && values[0].empty());
    const bool stands_without =
        entry.initial == values || (!entry.is_list && entry.initial.empty());
    if (is_empty && stands_without) continue;
    if (of != section) text += fmt::format("[{}]\n", section = of);
    for (const std::string& value : values) {
      text += fmt::format("{} = {}\n", name, to_file(value));
    }
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> Options::values() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const Entry& entry : entries_) {
    std::vector<std::string> written;
    for (const std::string& value : entry.get()) written.push_back(to_file(value));
    result.emplace_back(entry.key, fmt::format("{}", fmt::join(written, " ")));
  }
  return result;
}

void Options::print_help() const {
  std::string text = fmt::format(
      "arf {}: {}\n\n  arf {} [--config FILE]... [--section.key VALUE]... [--output DIR]\n\n",
      command_, summary_, command_);
  for (const Entry& entry : entries_) {
    const auto values = entry.get();
    std::string value = fmt::format("{}", fmt::join(values, " "));
    if (value.empty()) value = entry.required ? "required" : "none";
    text += fmt::format("  --{}  [{}{}]\n      {}", entry.key, value,
                        entry.unit.empty() ? "" : " " + entry.unit, entry.help);
    if (!entry.allowed.empty()) {
      text += fmt::format(" One of {}.", fmt::join(entry.allowed, ", "));
    }
    text += "\n";
  }
  std::fputs(text.c_str(), stdout);
}

}  // namespace arf
