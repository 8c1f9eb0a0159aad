// A file of a run that grows record by record and is cut to a checkpoint's position when it goes
// on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/descriptor.h"

namespace arf {

// Lines, or records that say their own size.
enum class Records { kLines, kSized };

class AppendFile {
 public:
  // An empty file where keep_bytes is 0; else the one that is there, cut to so many. Of one with
  // several names (a snapshot's, a stranger's) a copy takes the place. input_error, and the file
  // as it was: it is shorter, would be cut within a line, is no file or a link; resource_error: it
  // cannot be written.
  AppendFile(const std::filesystem::path& path, std::uint64_t keep_bytes, Records records);

  // Writes it through. resource_error where that fails, and what was written of it is cut off
  // again; or where the file was removed or cut meanwhile.
  void add(std::string_view record);
  void sync() const;  // what was added, to the disk; from any thread; resource_error
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::uint64_t bytes_;
};

}  // namespace arf
