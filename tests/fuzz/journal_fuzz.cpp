// What a run leaves line by line: trail.jsonl, failures.jsonl, metrics.jsonl, and after those the
// records of its journal, a part each: a byte for the iteration, one for the unit, then the unit's
// rollouts as they travel. The journal's own writer makes its files of them, so that what they
// begin with, sizes and hashes are right. A part whose iteration is `x` is put behind what stands
// in each file, so that it can end in any way.
#include <algorithm>
#include <fstream>
#include <map>
#include <span>

#include "data_io/metrics_file.h"
#include "data_io/trail_file.h"
#include "data_io/unit_journal.h"
#include "exchange/wire.h"
#include "guard/failures.h"
#include "report/training_report.h"
#include "roles/alarms.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLineFiles = 3, kMostRecords = 32;

// Behind what stands in each file; where there is none, as a file of nothing else.
void put_behind(const fs::path& folder, std::string_view bytes) {
  if (fs::is_empty(folder)) std::ofstream(folder / "0-0-0");
  for (const auto& file : fs::directory_iterator(folder)) {
    std::ofstream(file.path(), std::ios::binary | std::ios::app) << bytes;
  }
}

void write_journal(const fs::path& folder, std::span<const std::string_view> records) {
  fs::create_directory(folder);
  UnitJournal journal(folder, 0);
  for (const std::string_view record : records) {
    if (record.size() < 2 || record[0] == 'x') {
      put_behind(folder, record.substr(std::min<std::size_t>(record.size(), 1)));
      continue;
    }
    journal.add(static_cast<std::uint8_t>(record[0]), static_cast<std::uint8_t>(record[1]),
                std::as_bytes(std::span(record)).subspan(2));
  }
}

// Rollouts of an accepted record are packed as they were.
void use_unit(const std::vector<std::byte>& bytes) {
  const auto rollouts = unpack_rollouts(bytes, WireSource::kFile);
  for (const Rollout& rollout : rollouts) digest_of(rollout);
  const auto packed = pack_rollouts(rollouts);
  fuzz::require(pack_rollouts(unpack_rollouts(packed)) == packed, "rollouts change on the wire");
}

// How many units were accepted.
int use_journal(const fs::path& folder, std::size_t size) {
  const UnitJournal journal(folder, 0);
  std::map<UnitJournal::Place, UnitJournal::Record> records;
  fuzz::accept_or_refuse(size, [&] { records = journal.find(0); });
  int accepted = 0;
  for (const auto& [place, record] : records) {
    fuzz::require(place.first >= 0, "a unit of an iteration below 0");
    accepted += fuzz::accept_or_refuse(size, [&of = record] { use_unit(UnitJournal::read(of)); });
  }
  journal.remove();
  fuzz::require(!fs::exists(folder), "a file of the journal is left");
  return accepted;
}

void use_trail(const fs::path& folder) {
  const auto lines = read_trail(folder);
  for (const TrailLine& line : lines) {
    fuzz::require(line.iteration >= 0, "an iteration below 0");
    fuzz::require(line.units.empty() || line.units.rbegin()->first + 1 == line.units.size(),
                  "units that do not follow each other");
  }
}

void use_failures(const fs::path& folder) {
  const auto failed = failed_twice(folder / "failures.jsonl", 0);
  if (failed) {
    fuzz::require(failed->iteration >= 0 && !failed->units.empty() && *failed->units.begin() >= 0 &&
                      *failed->units.rbegin() <= UINT32_MAX,
                  "a unit that no run has");
  }
}

void use_metrics(const fs::path& folder) {
  std::error_code none;
  const auto size = fs::file_size(folder / "metrics.jsonl", none);
  const auto lines = MetricsFile(folder, {none ? 0 : size, 0}).lines();
  Alarms alarms({}, lines);
  training_report(lines, Json::object(), {});
}

// How many of the journal's units were accepted.
int use(std::string_view input) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts(input);
  const char* const files[kLineFiles] = {"trail.jsonl", "failures.jsonl", "metrics.jsonl"};
  for (std::size_t i = 0; i < kLineFiles; ++i) {
    folder.put(files[i], i < parts.size() ? parts[i] : "");
  }
  const auto records = std::span(parts).subspan(std::min(kLineFiles, parts.size()));
  const fs::path journal = folder.path() / "journal";
  write_journal(journal, records.first(std::min(kMostRecords, records.size())));
  const int accepted = use_journal(journal, input.size());
  fuzz::accept_or_refuse(input.size(), [] { use_trail(folder.path()); });
  fuzz::accept_or_refuse(input.size(), [] { use_failures(folder.path()); });
  fuzz::accept_or_refuse(input.size(), [] { use_metrics(folder.path()); });
  return accepted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int kOfSeed = use(fuzz::seed("journal/one_record"));
  fuzz::require(kOfSeed == 1, "the unit of the seed `one_record` is refused (seeds.cpp)");
  use({reinterpret_cast<const char*>(data), size});
  return 0;
}
