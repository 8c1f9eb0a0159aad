#include "core/file_stamps.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace arf {

FileStamps::FileStamps(const std::vector<std::filesystem::path>& files) {
  for (const auto& path : files) {
    Descriptor held(::open(path.c_str(), O_PATH | O_CLOEXEC));
    const bool is_absent = errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP;
    if (held.get() < 0 && !is_absent) {
      resource_error("{}: cannot be held open: {}", path.string(), std::strerror(errno));
    }
    files_.push_back({path, std::move(held), {}});
    files_.back().status = status_now(files_.back());
  }
}

void FileStamps::require_unchanged() const {
  for (const File& file : files_) {
    struct stat now {};
    const bool is_there = ::stat(file.path.c_str(), &now) == 0;
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

std::vector<std::filesystem::path> FileStamps::held() const {
  std::vector<std::filesystem::path> paths;
  for (const File& file : files_) {
    if (file.descriptor.get() < 0) continue;
    paths.push_back("/proc/self/fd/" + std::to_string(file.descriptor.get()));
  }
  return paths;
}

void FileStamps::renew() {
  for (File& file : files_) file.status = status_now(file);
}

FileStamps::Stamp FileStamps::stamp_of(const struct stat& status) {
  return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

// What it was where that cannot be told: NFS may know nothing more of a file that was replaced.
struct stat FileStamps::status_now(const File& file) {
  struct stat status = file.status;
  if (file.descriptor.get() >= 0) ::fstat(file.descriptor.get(), &status);
  return status;
}

}  // namespace arf
