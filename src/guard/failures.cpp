#include "guard/failures.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <sstream>
#include <vector>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/log.h"

namespace arf {
namespace {

constexpr std::uint64_t kMostFailureBytes = 64 << 20;  // some hundred a line, a line each start

bool is_of_a_unit(const Sighting& at) {
  return has_units(at.phase) && at.iteration >= 0 && !at.suspects.empty();
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

// None where one of them is no unit's number, or there are more than a rank can be at.
std::set<std::int64_t> units_of(const Json& line) {
  const auto found = line.find("units");
  if (found == line.end() || !found->is_array() || found->size() > kMostUnits) return {};
  std::set<std::int64_t> units;
  for (const Json& unit : *found) {
    if (!unit.is_number_unsigned() || unit.get<std::uint64_t>() > UINT32_MAX) return {};
    units.insert(unit.get<std::int64_t>());
  }
  return units;
}

FailedUnits in_common(const FailedUnits& one, const FailedUnits& next) {
  FailedUnits both = next;
  both.units.clear();
  if (one.iteration != next.iteration) return both;
  std::set_intersection(one.units.begin(), one.units.end(), next.units.begin(), next.units.end(),
                        std::inserter(both.units, both.units.end()));
  both.is_known = one.units.size() == 1 && next.units.size() == 1;
  return both;
}

// What is no regular file is not written to, and a pipe's reader is not waited for.
void append(const std::filesystem::path& file, const std::string& line) {
  const Descriptor out(::open(
      file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  struct stat is {};
  const bool is_open = out.get() >= 0 && ::fstat(out.get(), &is) == 0;
  if (is_open ? !S_ISREG(is.st_mode) : errno == ELOOP || errno == ENXIO || errno == EISDIR)
    return log_error("{}: is no regular file, and is not written to", file.string());
  const auto size = static_cast<ssize_t>(line.size());
  if (!is_open || ::write(out.get(), line.data(), line.size()) != size)
    log_error("{}: cannot be written: {}", file.string(), std::strerror(errno));
}

}  // namespace

void note_failure(const std::filesystem::path& file, std::uint64_t inputs, int code,
                  const Sighting& at) {
  const bool own =
      code == static_cast<int>(ExitCode::kDefect) || code == static_cast<int>(ExitCode::kLost);
  if (!own || at.foreseen || !is_of_a_unit(at)) return;
  const Json line = {{"inputs", hash_text(inputs)},
                     {"iteration", at.iteration},
                     {"units", at.suspects},
                     {"phase", phase_text(at.phase)}};
  try {
    give_one_name(file);
  } catch (const Error& error) {
    return log_error("{}", error.what());
  }
  append(file, line.dump() + '\n');
}

std::optional<FailedUnits> failed_twice(const std::filesystem::path& file, std::uint64_t inputs) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) return {};
  std::istringstream in(read_file(file, kMostFailureBytes));
  std::vector<FailedUnits> failures;
  for (std::string text; std::getline(in, text);) {
    const Json line = json_if_valid(text);
    // One that is torn, or of other inputs.
    if (!line.is_object() || text_of(line, "inputs") != hash_text(inputs)) continue;
    failures.push_back({number_of(line, "iteration"), units_of(line), text_of(line, "phase")});
  }
  const std::size_t n = failures.size();
  if (n < 2 || failures[n - 1].iteration < 0) return {};
  const FailedUnits both = in_common(failures[n - 2], failures[n - 1]);
  return both.units.empty() ? std::nullopt : std::optional(both);
}

}  // namespace arf
