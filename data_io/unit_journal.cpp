#include "data_io/unit_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/file.h"
#include "core/file_reader.h"
#include "core/hash.h"
#include "core/log.h"

namespace arf {

namespace fs = std::filesystem;

namespace {

// The number of this layout and of the rollouts' own; a file of another is not read.
constexpr std::uint64_t kFormat = 0x3230'4c4e'524a'4152;  // "RAJRNL02"

constexpr std::uint64_t kMostUnitBytes = kMostFileBytes;  // one is read as a whole

// Before each unit's bytes: their size, hash of all that follows the hash, iteration, unit.
using Head = std::array<std::uint64_t, 4>;
constexpr std::size_t kHashed = 2 * sizeof(std::uint64_t);  // from there on

template <typename Numbers>
std::string_view bytes_of(const Numbers& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), sizeof numbers};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return {};
  return number;
}

// The iteration in a file's name; nothing where it is not ITERATION-RANK-N, so that no file of
// somebody else is read or removed.
std::optional<std::int64_t> iteration_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::string_view text(name);
  const std::size_t first = text.find('-'), second = text.find('-', first + 1);
  if (second == std::string_view::npos || !number_of(text.substr(second + 1)) ||
      !number_of(text.substr(first + 1, second - first - 1))) {
    return {};
  }
  return number_of(text.substr(0, first));
}

std::map<std::int64_t, std::vector<fs::path>> files_in(const fs::path& folder) {
  std::map<std::int64_t, std::vector<fs::path>> files;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (!entry.is_regular_file(failure) || entry.is_symlink(failure)) continue;
    if (const auto iteration = iteration_of(entry.path())) {
      files[*iteration].push_back(entry.path());
    }
  }
  return files;
}

// What of `size` bytes from `offset` on the file has.
std::string bytes_at(FileReader* file, std::uint64_t offset, std::uint64_t size) {
  std::string bytes(size, '\0');
  if (::lseek(file->file(), static_cast<off_t>(offset), SEEK_SET) < 0) return {};
  std::size_t got = 0;
  while (got < size) {
    const std::size_t more = file->read(bytes.data() + got, size - got);
    if (more == 0) break;
    got += more;
  }
  bytes.resize(got);
  return bytes;
}

struct FoundRecord {
  Head head;
  std::string bytes;  // of the unit
};

// Nothing where no whole record begins there.
std::optional<FoundRecord> record_at(FileReader* file, std::uint64_t offset) {
  FoundRecord found;
  const std::string begin = bytes_at(file, offset, sizeof found.head);
  if (begin.size() < sizeof found.head) return {};
  std::memcpy(found.head.data(), begin.data(), sizeof found.head);
  const std::uint64_t left =
      file->size_bytes() - std::min(file->size_bytes(), offset + begin.size());
  if (found.head[0] > std::min(left, kMostUnitBytes)) return {};
  found.bytes = bytes_at(file, offset + begin.size(), found.head[0]);
  // Of the head and the bytes as one, as they were written.
  if (xxh3(begin.substr(kHashed) + found.bytes) != found.head[1]) return {};
  return found;
}

UnitJournal::Place place_of(const Head& head) {
  return {static_cast<std::int64_t>(head[2]), static_cast<std::uint32_t>(head[3])};
}

void find_in(const fs::path& path, std::uint64_t inputs,
             std::map<UnitJournal::Place, UnitJournal::Record>* records) {
  FileReader file(path);
  const std::array<std::uint64_t, 2> wanted{kFormat, inputs};
  const std::string begin = bytes_at(&file, 0, sizeof wanted);
  if (begin.size() < sizeof wanted || begin == std::string(sizeof wanted, '\0')) return;  // torn
  if (begin != bytes_of(wanted)) {
    input_error("{}: is of another build of arf, or of other data", path.string());
  }
  for (std::uint64_t at = sizeof wanted;;) {
    const auto found = record_at(&file, at);
    if (!found || found->head[3] > std::numeric_limits<std::uint32_t>::max()) return;
    (*records)[place_of(found->head)] = {path, at};
    at += sizeof found->head + found->bytes.size();
  }
}

}  // namespace

UnitJournal::~UnitJournal() {
  if (file_ >= 0) ::close(file_);
}

bool UnitJournal::has_folder() const {
  std::error_code failure;
  return fs::is_directory(folder_, failure);
}

// A file of its own for each start of the program, so that nothing stands behind a torn end.
void UnitJournal::open(std::int64_t iteration) {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  if (!has_folder()) return;
  fs::path path;
  for (int n = 0;; ++n) {
    path = folder_ / fmt::format("{}-{}-{}", iteration, rank_, n);
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (file_ >= 0 || errno != EEXIST) break;
  }
  if (file_ < 0) {
    resource_error("{}: cannot be made: {}", path.string(), std::strerror(errno));
  }
  iteration_ = iteration;
}

void UnitJournal::add(std::int64_t iteration, std::uint32_t unit,
                      std::span<const std::byte> bytes) {
  std::string record;
  if (file_ < 0 || iteration != iteration_) {
    open(iteration);
    record = bytes_of(std::array<std::uint64_t, 2>{kFormat, inputs_});
  }
  if (file_ < 0) return;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = record.size();
  Head head{text.size(), 0, static_cast<std::uint64_t>(iteration), unit};
  record += bytes_of(head);
  record += text;
  const std::uint64_t hash = xxh3(std::string_view(record).substr(at + kHashed));
  std::memcpy(record.data() + at + sizeof hash, &hash, sizeof hash);
  for (std::string_view rest = record; !rest.empty();) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      resource_error("{}: unit {} of iteration {} cannot be written: {}", folder_.string(), unit,
                     iteration, std::strerror(errno));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::map<UnitJournal::Place, UnitJournal::Record> UnitJournal::find(std::int64_t first) const {
  // A directory from elsewhere must not have a run remove files outside it.
  if (fs::is_symlink(fs::symlink_status(folder_))) {
    input_error("{}: is a symbolic link; a run writes into its own directory", folder_.string());
  }
  std::map<Place, Record> records;
  const auto files = files_in(folder_);
  for (auto of = files.lower_bound(first); of != files.end(); ++of) {
    for (const fs::path& path : of->second) {
      try {
        find_in(path, inputs_, &records);
      } catch (const Error& error) {  // its units are only made again
        log_warning("a file of the journal is passed over: {}", error.what());
      }
    }
  }
  std::erase_if(records, [&](const auto& record) { return record.first.first < first; });
  return records;
}

std::vector<std::byte> UnitJournal::read(const Record& record) {
  const auto found = [&]() -> std::optional<FoundRecord> {
    try {
      FileReader file(record.file);
      return record_at(&file, record.offset);
    } catch (const Error& error) {
      resource_error("{}", error.what());  // it was there when the run began
    }
  }();
  if (!found) resource_error("{}: has changed since the run began", record.file.string());
  const auto* const first = reinterpret_cast<const std::byte*>(found->bytes.data());
  return {first, first + found->bytes.size()};
}

void UnitJournal::forget(std::int64_t first) const {
  for (const auto& [iteration, paths] : files_in(folder_)) {
    if (iteration >= first) break;
    std::error_code failure;  // one that stays is passed over by its number
    for (const fs::path& path : paths) fs::remove(path, failure);
  }
}

void UnitJournal::remove() const {
  forget(std::numeric_limits<std::int64_t>::max());
  std::error_code failure;  // what is not ours in it stays
  fs::remove(folder_, failure);
}

}  // namespace arf
