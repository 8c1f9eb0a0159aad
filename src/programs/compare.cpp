// arf compare RUN RUN: where two training runs first differ.
#include <algorithm>
#include <cstdio>
#include <optional>

#include "config/options.h"
#include "core/error.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/trail_file.h"
#include "programs/commands.h"

namespace arf {
namespace {

struct Settings {
  std::vector<std::string> runs;
  std::string log_format = "text";
  bool json = false;
};

struct Difference {
  std::int64_t iteration = 0;
  std::string what;  // "replies", "gradient", "tensor", "units", "tensors", "length"
  std::int64_t unit = -1;
  std::string tensor;
};

// In the order in which an iteration comes to them: replies, gradients, then the tensors.
std::optional<Difference> first_difference(const TrailLine& a, const TrailLine& b) {
  const std::int64_t iteration = a.iteration;
  if (a.iteration != b.iteration) return Difference{std::min(iteration, b.iteration), "iterations"};
  if (a.units.size() != b.units.size()) return Difference{iteration, "units"};
  for (const auto& [unit, trail] : a.units) {
    if (trail.replies != b.units.at(unit).replies) return Difference{iteration, "replies", unit};
  }
  for (const auto& [unit, trail] : a.units) {
    if (trail.gradient != b.units.at(unit).gradient) return Difference{iteration, "gradient", unit};
  }
  for (const auto& [name, hash] : a.tensors) {
    const auto other = b.tensors.find(name);
    if (other == b.tensors.end() || other->second != hash) {
      return Difference{iteration, "tensor", -1, name};
    }
  }
  if (a.tensors.size() != b.tensors.size()) return Difference{iteration, "tensors"};
  return {};
}

std::optional<Difference> first_difference(const std::vector<TrailLine>& a,
                                           const std::vector<TrailLine>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (auto difference = first_difference(a[i], b[i])) return difference;
  }
  return {};
}

std::string sentence(const Difference& difference) {
  const std::string where = fmt::format("iteration {}", difference.iteration);
  if (difference.what == "replies") {
    return fmt::format("{}, unit {}: its replies or their rewards", where, difference.unit);
  }
  if (difference.what == "gradient") {
    return fmt::format("{}, unit {}: its gradient", where, difference.unit);
  }
  if (difference.what == "tensor") {
    return fmt::format("{}, tensor {}, after the same gradients", where,
                       printable(difference.tensor));
  }
  return fmt::format("{}: its {} (the runs are not configured alike)", where, difference.what);
}

Json to_json(const std::optional<Difference>& difference, std::size_t a, std::size_t b) {
  const bool same = !difference.has_value() && a == b && a > 0;
  Json json = {{"same", same}, {"iterations", {a, b}}};
  if (!difference) return json;
  json["iteration"] = difference->iteration;
  json["what"] = difference->what;
  if (difference->unit >= 0) json["unit"] = difference->unit;
  if (!difference->tensor.empty()) json["tensor"] = difference->tensor;
  return json;
}

}  // namespace

int run_compare(const Arguments& arguments) {
  Settings settings;
  Options options("compare", "Where two training runs first differ: iteration, unit, tensor.");
  options.add("compare.runs", &settings.runs, "",
              "The two runs' folders; the word `--compare.runs` may be left out.");
  options.add_choice("log.format", &settings.log_format, {"text", "json"},
                     "Form of the log on stderr.");
  options.add("json", &settings.json, "", "Print the result on stdout as one JSON document.");
  options.require("compare.runs");
  Arguments named = arguments;
  if (!named.empty() && !named[0].starts_with("-")) named.insert(named.begin(), "--compare.runs");
  if (!options.parse(named)) return 0;
  if (settings.runs.size() != 2) {
    usage_error("compare takes two runs, and {} are given: arf compare RUN RUN",
                settings.runs.size());
  }
  start_log(settings.log_format, 0);
  const auto a = read_trail(settings.runs[0]), b = read_trail(settings.runs[1]);
  const auto difference = first_difference(a, b);
  if (settings.json) {
    std::printf("%s\n", printable_json(to_json(difference, a.size(), b.size())).c_str());
    return 0;
  }
  if (a.empty() || b.empty()) {
    std::printf("nothing compared  the runs have %zu and %zu iterations\n", a.size(), b.size());
  } else if (difference) {
    std::printf("first difference  %s\n", sentence(*difference).c_str());
  } else if (a.size() == b.size()) {
    std::printf("no difference     in %zu iterations\n", a.size());
  } else {
    std::printf("no difference     in %zu iterations; the runs have %zu and %zu\n",
                std::min(a.size(), b.size()), a.size(), b.size());
  }
  return 0;
}

}  // namespace arf
