#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/activity.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/file_reader.h"

namespace arf {
namespace {

// A slow disk is no rank that hangs: what is large is written, and waited for, in parts.
constexpr std::size_t kBlock = 4 << 20, kSynced = 64 << 20;

[[noreturn]] void refuse_size(const std::filesystem::path& path, std::uint64_t most_bytes) {
  input_error("{}: has more than the {} bytes that such a file may have; is it the right one?",
              path.string(), most_bytes);
}

// What is there is counted, too: a file may grow, and a pipe has no size.
std::string read_whole(FileReader* file, const std::filesystem::path& path,
                       std::uint64_t most_bytes) {
  if (file->size_bytes() > most_bytes) refuse_size(path, most_bytes);
  std::string bytes;
  char buffer[1 << 16];
  while (const std::size_t got = file->read(buffer, sizeof buffer)) {
    if (got > most_bytes - bytes.size()) refuse_size(path, most_bytes);
    bytes.append(buffer, got);
  }
  return bytes;
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t most_bytes) {
  FileReader file(path);
  return read_whole(&file, path, most_bytes);
}

std::string read_file_or_pipe(const std::filesystem::path& path, std::uint64_t most_bytes) {
  FileReader file(path, FileReader::Takes::kPipesToo);
  return read_whole(&file, path, most_bytes);
}

std::string read_beginning(const std::filesystem::path& path, std::size_t most_bytes) {
  FileReader file(path);
  std::string bytes(most_bytes, '\0');
  std::size_t size = 0;
  while (const std::size_t got = file.read(bytes.data() + size, most_bytes - size)) size += got;
  bytes.resize(size);
  return bytes;
}

std::uint64_t size_of_file(const std::filesystem::path& path) {
  return FileReader(path).size_bytes();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path beside = path.string() + ".partial";
  const auto fail = [&](const char* step) {
    const int reason = errno;
    ::unlink(beside.c_str());
    resource_error("{}: {} of {} bytes failed: {}; free some space or name another directory",
                   path.string(), step, bytes.size(), std::strerror(reason));
  };
  ::unlink(beside.c_str());  // of a killed process, or a link that leads elsewhere
  Descriptor file(
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (file.get() < 0) fail("opening");
  std::size_t written = 0, synced = 0;
  while (written < bytes.size()) {
    const std::size_t most = std::min(bytes.size() - written, kBlock);
    const ssize_t put = ::write(file.get(), bytes.data() + written, most);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("writing");
    written += static_cast<std::size_t>(put);
    note_progress();
    if (written - synced >= kSynced) {
      if (::fdatasync(file.get()) != 0) fail("syncing");
      synced = written;
      note_progress();
    }
  }
  if (::fsync(file.get()) != 0) fail("syncing");
  note_progress();
  if (::close(file.release()) != 0) fail("closing");
  if (::rename(beside.c_str(), path.c_str()) != 0) fail("renaming");
  sync_name(path);
}

void give_one_name(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const bool is_file = fs::is_regular_file(fs::symlink_status(path, failure));
  if (!is_file || fs::hard_link_count(path, failure) < 2) return;
  const fs::path beside = path.string() + ".partial";
  fs::remove(beside, failure);
  const bool is_copied = fs::copy_file(path, beside, failure);
  const Descriptor file(is_copied ? ::open(beside.c_str(), O_RDONLY | O_CLOEXEC) : -1);
  if (!is_copied || ::fsync(file.get()) != 0 || ::rename(beside.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(beside.c_str());
    resource_error("{}: has several names, and no copy can take its place: {}", path.string(),
                   is_copied ? std::strerror(reason) : failure.message());
  }
  sync_name(path);
}

void sync_name(const std::filesystem::path& path) {
  const std::filesystem::path folder = folder_of(path);
  Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() >= 0 && ::fsync(file.get()) == 0) return;
  if (file.get() < 0 && errno == EACCES) {
    file = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0 && ::syncfs(file.get()) == 0) return;
  }
  resource_error("{}: cannot be synced to disk: {}", folder.string(), std::strerror(errno));
}

std::filesystem::path without_trailing_slash(std::filesystem::path path) {
  while (!path.has_filename() && path.has_relative_path()) path = path.parent_path();
  return path;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = without_trailing_slash(path).parent_path();
  return folder.empty() ? "." : folder;
}

bool is_at(int file, const std::filesystem::path& path, std::error_code& failure) {
  struct stat open_file {
  }, named{};
  failure.clear();
  if (::stat(path.c_str(), &named) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) failure.assign(errno, std::generic_category());
    return false;
  }
  return ::fstat(file, &open_file) == 0 && open_file.st_ino == named.st_ino &&
         open_file.st_dev == named.st_dev;
}

void make_directories(const std::filesystem::path& path) {
  std::error_code error, ignored;
  std::filesystem::create_directories(path, error);
  if (!error) return;
  // The system says of a link that leads nowhere that it exists.
  std::filesystem::path place;
  for (const auto& name : path) {
    place /= name;
    const bool is_link =
        std::filesystem::is_symlink(std::filesystem::symlink_status(place, ignored));
    if (is_link && !std::filesystem::exists(place, ignored)) {
      resource_error("{}: cannot be created: {} is a link that leads nowhere", path.string(),
                     place.string());
    }
  }
  resource_error("{}: cannot be created: {}", path.string(), error.message());
}

}  // namespace arf
