// Files that are read and then hashed, and must be the same both times.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace arf {

class FileStamps {
 public:
  // As they are now; one that is not there is to stay away.
  explicit FileStamps(const std::vector<std::filesystem::path>& files);
  // input_error where one is another file by now, or was written to.
  void require_unchanged() const;

 private:
  using Stamp = std::array<std::int64_t, 6>;  // device, inode, bytes, and when it was written to
  static Stamp stamp_of(const std::filesystem::path& file);
  std::vector<std::pair<std::filesystem::path, Stamp>> stamps_;
};

}  // namespace arf
