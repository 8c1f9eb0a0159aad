// The folder that a command makes: written beside its place and renamed when all is in it, so that
// a reader finds all or nothing.
#pragma once

#include <filesystem>

#include "core/descriptor.h"

namespace arf {

// Whether a folder has the name and nothing but the files of a PartialFolder, of whatever host.
bool looks_partial(const std::filesystem::path& folder);

class PartialFolder {
 public:
  // Makes the folders above `place` and PLACE.partial-HOST-NUMBER, and holds it, and removes those
  // that killed processes of this host left behind. resource_error where it cannot be made.
  explicit PartialFolder(const std::filesystem::path& place);
  ~PartialFolder();  // removes it, unless it was renamed
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Descriptor held_;
};

}  // namespace arf
