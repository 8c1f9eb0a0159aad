// trail.jsonl of a run: its trail, a line an iteration (FORMAT.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data_io/append_file.h"
#include "records/trail.h"

namespace arf {

class TrailFile {
 public:
  // Cuts the file to a checkpoint's position, 0: a fresh one. input_error where it is shorter, or
  // no line ends there.
  TrailFile(const std::filesystem::path& directory, std::uint64_t from_bytes);
  void add(const TrailLine& line);     // resource_error where it cannot be written
  void sync() const { file_.sync(); }  // what was added, to the disk; from any thread
  std::uint64_t position() const { return file_.bytes(); }

 private:
  AppendFile file_;
};

// Of a run's directory. A last line without its end is left out with a warning. input_error: no
// such file, one that cannot be read, a line that is none.
std::vector<TrailLine> read_trail(const std::filesystem::path& directory);

}  // namespace arf
