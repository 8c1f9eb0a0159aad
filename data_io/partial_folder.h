// A folder beside the one that a command makes: it is renamed when all is in it, so that a reader
// finds all or nothing.
#pragma once

#include <filesystem>

namespace arf {

class PartialFolder {
 public:
  // Makes FINAL.partial-NUMBER and holds it, and removes those that killed processes left behind.
  // resource_error where it cannot be made.
  explicit PartialFolder(const std::filesystem::path& final);
  ~PartialFolder();  // removes it, unless it was renamed
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int held_ = -1;
};

}  // namespace arf
