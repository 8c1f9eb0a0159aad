#include "core/file_stamps.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace arf {
namespace {

bool says_absent(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ELOOP;
}

[[noreturn]] void cannot_tell(const std::filesystem::path& file) {
  resource_error("{}: cannot be looked at: {}", file.string(), std::strerror(errno));
}

}  // namespace

FileStamps::FileStamps(const std::vector<std::filesystem::path>& files) {
  for (const auto& path : files) {
    Descriptor held(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (held.get() < 0 && !says_absent(errno)) cannot_tell(path);
    files_.push_back({path, std::move(held), {}});
    files_.back().status = status_now(files_.back());
  }
}

void FileStamps::require_unchanged() const {
  for (const File& file : files_) {
    struct stat now {};
    const bool is_there = ::stat(file.path.c_str(), &now) == 0;
    if (!is_there && !says_absent(errno)) cannot_tell(file.path);
    if (is_there == (file.descriptor.get() >= 0) && now.st_dev == file.status.st_dev &&
        now.st_ino == file.status.st_ino && stamp_of(now) == stamp_of(file.status)) {
      continue;
    }
    input_error("{}: was changed while it was read; start again when it is whole",
                file.path.string());
  }
}

bool FileStamps::is_unwritten() const {
  return std::all_of(files_.begin(), files_.end(), [](const File& file) {
    return stamp_of(status_now(file)) == stamp_of(file.status);
  });
}

FileStamps::Stamp FileStamps::stamp_of(const struct stat& status) {
  return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

struct stat FileStamps::status_now(const File& file) {
  struct stat status = file.status;
  if (file.descriptor.get() < 0 || ::fstat(file.descriptor.get(), &status) == 0) return status;
  if (errno != ESTALE && errno != ENOENT) cannot_tell(file.path);
  // Replaced or removed, from another host: the file system knows no more of it.
  return file.status;
}

}  // namespace arf
