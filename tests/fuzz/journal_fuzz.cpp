// What a run leaves line by line: trail.jsonl, failures.jsonl, metrics.jsonl, and after those the
// records of its journal, a part each: a byte for the iteration, one for the unit, then the unit's
// rollouts as they travel. Size and hash of a record, which no mutation would keep right, are put
// before it; a record whose iteration is `x` is written as it is, so that a file can end in any
// way.
#include <algorithm>
#include <array>
#include <cstring>

#include "core/hash.h"
#include "data_io/metrics_file.h"
#include "data_io/trail_file.h"
#include "data_io/unit_journal.h"
#include "exchange/wire.h"
#include "guard/failures.h"
#include "report/training_report.h"
#include "roles/alarms.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

std::string with_head(std::string_view part) {
  if (part.size() < 2 || part[0] == 'x') return std::string(part).erase(0, 1);
  const std::string_view rollouts = part.substr(2);
  const std::array<std::uint64_t, 3> hashed{static_cast<std::uint8_t>(part[0]),
                                            static_cast<std::uint8_t>(part[1]), xxh3(rollouts)};
  const std::array<std::uint64_t, 4> head{
      rollouts.size(), xxh3({reinterpret_cast<const char*>(hashed.data()), sizeof hashed}),
      hashed[0], hashed[1]};
  return std::string(reinterpret_cast<const char*>(head.data()), sizeof head).append(rollouts);
}

// Rollouts of an accepted record are packed as they were.
void use_journal(const std::filesystem::path& folder) {
  const UnitJournal journal(folder, 0);
  for (const auto& [place, bytes] : journal.read(0)) {
    fuzz::require(place.first >= 0, "a unit of an iteration below 0");
    const auto packed = pack_rollouts(unpack_rollouts(bytes, WireSource::kFile));
    fuzz::require(pack_rollouts(unpack_rollouts(packed)) == packed, "rollouts change on the wire");
  }
}

void use_trail(const std::filesystem::path& folder) {
  const auto lines = read_trail(folder);
  for (const TrailLine& line : lines) {
    fuzz::require(line.iteration >= 0, "an iteration below 0");
    fuzz::require(line.units.empty() || line.units.rbegin()->first + 1 == line.units.size(),
                  "units that do not follow each other");
  }
}

void use_failures(const std::filesystem::path& folder) {
  const auto failed = failed_twice(folder / "failures.jsonl", 0);
  if (failed) {
    fuzz::require(failed->iteration >= 0 && !failed->units.empty() && *failed->units.begin() >= 0 &&
                      *failed->units.rbegin() <= UINT32_MAX,
                  "a unit that no run has");
  }
}

void use_metrics(const std::filesystem::path& folder) {
  std::error_code none;
  const auto size = std::filesystem::file_size(folder / "metrics.jsonl", none);
  const auto lines = MetricsFile(folder, {none ? 0 : size, 0}).lines();
  Alarms alarms({}, lines);
  training_report(lines, Json::object(), {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  std::filesystem::create_directory(folder.path() / "journal");
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  const char* const files[] = {"trail.jsonl", "failures.jsonl", "metrics.jsonl"};
  for (std::size_t i = 0; i < std::size(files); ++i) {
    folder.put(files[i], i < parts.size() ? parts[i] : "");
  }
  std::string records;
  for (std::size_t i = std::size(files); i < parts.size(); ++i) records += with_head(parts[i]);
  folder.put("journal/0-0-0", records);
  fuzz::accept_or_refuse(size, [] { use_journal(folder.path() / "journal"); });
  fuzz::accept_or_refuse(size, [] { use_trail(folder.path()); });
  fuzz::accept_or_refuse(size, [] { use_failures(folder.path()); });
  fuzz::accept_or_refuse(size, [] { use_metrics(folder.path()); });
  return 0;
}
