// Whether files that were read are still what they were then.
#pragma once

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/descriptor.h"

namespace arf {

class FileStamps {
 public:
  // As they are now; one that is not there is to stay away. Holds them open. resource_error, also
  // below, where the system does not tell.
  explicit FileStamps(const std::vector<std::filesystem::path>& files);
  // input_error where another file is there now, or none, or one that was written to.
  void require_unchanged() const;
  // False where one was written to, or touched, so that who has it mapped may see other bytes;
  // another file may have taken its place, or nothing.
  bool is_unwritten() const;

 private:
  using Stamp = std::array<std::int64_t, 3>;  // bytes; when it was written to: seconds, nanoseconds
  struct File {
    std::filesystem::path path;
    Descriptor descriptor;  // of the file that was there; none where there was none
    struct stat status;
  };
  static Stamp stamp_of(const struct stat& status);
  // Of the file that is held, or was.
  static struct stat status_now(const File& file);
  std::vector<File> files_;
};

}  // namespace arf
