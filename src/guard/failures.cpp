#include "guard/failures.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/log.h"

namespace arf {
namespace {

bool is_of_a_unit(const Sighting& at) {
  return has_units(at.phase) && !at.waits && at.iteration >= 0 && at.unit >= 0;
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

// What a line has under a name; -1 or nothing where it is missing or of another kind.
std::int64_t number_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}
std::string text_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

void note_failure(const std::filesystem::path& file, std::uint64_t inputs, int code,
                  const Sighting& at) {
  const bool own =
      code == static_cast<int>(ExitCode::kDefect) || code == static_cast<int>(ExitCode::kLost);
  if (!own || at.foreseen || !is_of_a_unit(at)) return;
  const Json line = {{"inputs", hash_text(inputs)},
                     {"iteration", at.iteration},
                     {"unit", at.unit},
                     {"phase", phase_text(at.phase)}};
  std::error_code failure;  // a pipe without a reader would be waited for
  const bool is_other =
      std::filesystem::exists(file, failure) && !std::filesystem::is_regular_file(file, failure);
  if (is_other) return log_error("{}: is no regular file, and is not written to", file.string());
  std::ofstream out(file, std::ios::app);
  out << line.dump() << '\n' << std::flush;
  if (!out) log_error("{}: cannot be written", file.string());
}

std::optional<FailedUnit> failed_twice(const std::filesystem::path& file, std::uint64_t inputs) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) return {};
  std::istringstream in(read_file(file));
  std::vector<FailedUnit> units;
  for (std::string text; std::getline(in, text);) {
    const Json line = json_if_valid(text);
    // One that is torn, or of other inputs.
    if (!line.is_object() || text_of(line, "inputs") != hash_text(inputs)) continue;
    units.push_back(
        {number_of(line, "iteration"), number_of(line, "unit"), text_of(line, "phase")});
  }
  const std::size_t n = units.size();
  if (n < 2 || units[n - 1].iteration < 0) return {};
  if (units[n - 1].unit < 0 || units[n - 1].unit > UINT32_MAX) return {};
  const bool same =
      units[n - 1].iteration == units[n - 2].iteration && units[n - 1].unit == units[n - 2].unit;
  return same ? std::optional(units[n - 1]) : std::nullopt;
}

}  // namespace arf
