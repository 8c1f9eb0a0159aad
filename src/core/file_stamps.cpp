#include "core/file_stamps.h"

#include <fcntl.h>

#include "core/error.h"

namespace arf {
namespace {

struct stat status_of(const Descriptor& file) {
  struct stat status {};
  if (file.get() >= 0) ::fstat(file.get(), &status);
  return status;
}

}  // namespace

FileStamps::FileStamps(const std::vector<std::filesystem::path>& files) {
  for (const auto& path : files) {
    Descriptor file(::open(path.c_str(), O_PATH | O_CLOEXEC));
    const Stamp stamp = stamp_of(status_of(file));
    files_.push_back({path, std::move(file), stamp});
  }
}

void FileStamps::require_unchanged() const {
  for (const File& file : files_) {
    struct stat now {};
    const bool is_there = ::stat(file.path.c_str(), &now) == 0;
    if (is_there == (file.descriptor.get() >= 0) && stamp_of(now) == file.stamp) continue;
    input_error("{}: was changed while it was read; start again when it is whole",
                file.path.string());
  }
}

void FileStamps::require_unwritten() const {
  for (const File& file : files_) {
    if (stamp_of(status_of(file.descriptor)) == file.stamp) continue;
    input_error(
        "{}: was written to while the run reads it; bring back what was there, and the same "
        "command goes on from the last checkpoint",
        file.path.string());
  }
}

FileStamps::Stamp FileStamps::stamp_of(const struct stat& file) {
  return {file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

}  // namespace arf
