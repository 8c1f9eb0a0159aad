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
  // As they are now; one that is not there is to stay away. Holds them open. resource_error where
  // that fails.
  explicit FileStamps(const std::vector<std::filesystem::path>& files);
  // input_error where another file is there now, or none, or one that was written to.
  void require_unchanged() const;
  // False where one was written to, or touched, so that who has it mapped may see other bytes;
  // another file may have taken its place, or nothing.
  bool is_unwritten() const;
  // Paths to those that were there, wherever they are by now.
  std::vector<std::filesystem::path> held() const;
  // As if made now, of the files that are held.
  void renew();

 private:
  using Stamp = std::array<std::int64_t, 3>;  // bytes; when it was written to: seconds, nanoseconds
  struct File {
    std::filesystem::path path;
    Descriptor descriptor;  // of the file that was there; none where there was none
    struct stat status;
  };
  static Stamp stamp_of(const struct stat& status);
  static struct stat status_now(const File& file);
  std::vector<File> files_;
};

}  // namespace arf
