// A file that one process holds: keeps two processes from writing one directory. The system lets go
// of it when the process ends, however it ends.
#pragma once

#include <filesystem>

#include "core/descriptor.h"

namespace arf {

class FileLock {
 public:
  // Makes `path` and holds it. usage_error where another process does for two seconds, with its
  // number and host; input_error where another thing than a file has the name; resource_error where
  // it cannot be made. A file system that knows no locks is
  // warned of.
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();  // removes the file
  // Whether the file is still there: not where it or its folder was removed, moved away or
  // replaced. resource_error where that cannot be told.
  bool is_in_place() const;
  const std::filesystem::path& path() const { return path_; }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace arf
