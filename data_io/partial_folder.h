// The folder that a command makes: written beside its place and renamed when all is in it, so that
// a reader finds all or nothing.
#pragma once

#include <filesystem>

#include "core/descriptor.h"

namespace arf {

// usage_error where `output` is empty, holds something, or is a folder whose place no other can
// take. Makes nothing: for commands, before long work.
void refuse_occupied_output(const std::filesystem::path& output);

// Removes, and logs, what killed processes left beside `place`: PLACE.partial-HOST-NUMBER with
// nothing but a writer's files in it, held by no process. Of other hosts only where it is known
// that none of their processes writes there: not every file system shares its locks.
enum class Hosts { kOwn, kAll };
void remove_left_behind(const std::filesystem::path& place, Hosts hosts);

class PartialFolder {
 public:
  // Makes the folders above `output` and PLACE.partial-HOST-NUMBER with permissions and group of
  // the empty folder that it is to replace, if any, and holds it, and removes those that killed
  // processes of this host left behind. The errors of refuse_occupied_output; resource_error where
  // it cannot be made.
  explicit PartialFolder(const std::filesystem::path& output);
  ~PartialFolder();  // removes it, unless it was finished
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Renames it to `output`; what is in it has been synced. The errors of the constructor.
  void finish();

 private:
  std::filesystem::path place_, path_;
  Descriptor held_;
  bool finished_ = false;
};

}  // namespace arf
