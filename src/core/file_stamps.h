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
  // As they are now; one that is not there is to stay away.
  explicit FileStamps(const std::vector<std::filesystem::path>& files);
  // input_error where there is now a file of another size or time, or none, or one that was not.
  void require_unchanged() const;
  // input_error where one was written to, so that who has it mapped sees other bytes. Another file
  // may have taken its place, or nothing.
  void require_unwritten() const;

 private:
  using Stamp = std::array<std::int64_t, 3>;  // bytes; when it was written to: seconds, nanoseconds
  struct File {
    std::filesystem::path path;
    Descriptor descriptor;  // of the file that was there; none where there was none
    Stamp stamp;
  };
  static Stamp stamp_of(const struct stat& file);
  std::vector<File> files_;
};

}  // namespace arf
