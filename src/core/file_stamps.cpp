#include "core/file_stamps.h"

#include <sys/stat.h>

#include "core/error.h"

namespace arf {

FileStamps::FileStamps(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) stamps_.emplace_back(file, stamp_of(file));
}

void FileStamps::require_unchanged() const {
  for (const auto& [file, stamp] : stamps_) {
    if (stamp_of(file) == stamp) continue;
    input_error("{}: was changed while it was read; start again when it is whole", file.string());
  }
}

FileStamps::Stamp FileStamps::stamp_of(const std::filesystem::path& file) {
  struct stat now {};
  if (::stat(file.c_str(), &now) != 0) return {};
  return {static_cast<std::int64_t>(now.st_dev),
          static_cast<std::int64_t>(now.st_ino),
          now.st_size,
          now.st_mtim.tv_sec,
          now.st_mtim.tv_nsec,
          now.st_ctim.tv_nsec};
}

}  // namespace arf
