#include "data_io/unit_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

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
#include "core/hash.h"
#include "core/log.h"

namespace arf {

namespace fs = std::filesystem;

namespace {

// The number of this layout and of the rollouts' own; a file of another is not read.
constexpr std::uint64_t kFormat = 0x3230'4c4e'524a'4152;  // "RAJRNL02"

constexpr std::uint64_t kMostJournalBytes = std::uint64_t{4} << 30;  // of one iteration's units

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

void read_file_into(const fs::path& path, std::uint64_t inputs,
                    std::map<UnitJournal::Place, std::vector<std::byte>>* units) {
  const std::string text = read_file(path, kMostJournalBytes);
  std::string_view rest = text;
  const std::array<std::uint64_t, 2> begin{kFormat, inputs};
  if (!rest.starts_with(bytes_of(begin))) return;
  rest.remove_prefix(sizeof begin);
  Head head;
  while (rest.size() >= sizeof head) {
    std::memcpy(head.data(), rest.data(), sizeof head);
    if (head[0] > rest.size() - sizeof head ||
        head[3] > std::numeric_limits<std::uint32_t>::max()) {
      return;
    }
    if (xxh3(rest.substr(kHashed, sizeof head - kHashed + head[0])) != head[1]) return;
    const std::string_view bytes = rest.substr(sizeof head, head[0]);
    const auto* const first = reinterpret_cast<const std::byte*>(bytes.data());
    (*units)[{static_cast<std::int64_t>(head[2]), static_cast<std::uint32_t>(head[3])}].assign(
        first, first + bytes.size());
    rest.remove_prefix(sizeof head + head[0]);
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

std::map<UnitJournal::Place, std::vector<std::byte>> UnitJournal::read(std::int64_t first) const {
  // A directory from elsewhere must not have a run remove files outside it.
  if (fs::is_symlink(fs::symlink_status(folder_))) {
    input_error("{}: is a symbolic link; a run writes into its own directory", folder_.string());
  }
  std::map<Place, std::vector<std::byte>> units;
  const auto files = files_in(folder_);
  for (auto of = files.lower_bound(first); of != files.end(); ++of) {
    for (const fs::path& path : of->second) {
      try {
        read_file_into(path, inputs_, &units);
      } catch (const Error& error) {  // its units are only made again
        log_warning("a file of the journal is passed over: {}", error.what());
      }
    }
  }
  std::erase_if(units, [&](const auto& unit) { return unit.first.first < first; });
  return units;
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
