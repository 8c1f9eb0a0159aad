// metrics.jsonl, one object an iteration, and the same numbers for TensorBoard; both written
// through at once, and cut to a checkpoint's position when a run goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/json.h"
#include "data_io/append_file.h"
#include "data_io/tensorboard.h"

namespace arf {

class MetricsFile {
 public:
  // Bytes of both files at a checkpoint; what came after is cut off and written again.
  struct Position {
    std::uint64_t metrics_bytes = 0, tensorboard_bytes = 0;
  };
  // Fresh files at position 0. input_error where a file is shorter than its position, or no line
  // of metrics ends there.
  MetricsFile(const std::filesystem::path& directory, const Position& from);

  void add(const Json& line);  // has "iteration"; resource_error where it cannot be written
  Position position() const { return {file_.bytes(), events_.offset()}; }
  void sync() const;                // what was added, to the disk; from any thread; resource_error
  std::vector<Json> lines() const;  // of the whole run; input_error: a line that is none

 private:
  std::filesystem::path path_;
  AppendFile file_;
  TensorBoardWriter events_;
};

}  // namespace arf
