// What a run tells while it goes: metrics.jsonl, the same for TensorBoard, trace.json, the progress
// line. Rank 0 alone has one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/log.h"
#include "data_io/tensorboard.h"
#include "data_io/trace_file.h"
#include "exchange/conversation.h"

namespace arf {

class RunLog {
 public:
  // Where the files stood at a checkpoint; what came after is cut off and written again.
  struct Position {
    std::uint64_t metrics_bytes = 0, tensorboard_bytes = 0;
  };
  // A fresh log at position 0. input_error where a file is shorter than its position.
  RunLog(const std::filesystem::path& directory, const Position& from, std::int64_t first_iteration,
         std::int64_t iterations);

  // One iteration: a line of numbers (keys as in the contract of the command line).
  void add(const Json& line, const std::string& progress);
  void add_spans(std::vector<Span> spans);
  Position position() const;
  void write_trace() const;
  std::vector<Json> metrics() const;  // all lines, for the report

 private:
  std::filesystem::path directory_;
  std::uint64_t metrics_bytes_;
  TensorBoardWriter tensorboard_;
  std::vector<Span> spans_;
  Progress progress_;
};

// Spans to and from the text that ranks send.
std::string spans_to_text(const std::vector<Span>& spans);
std::vector<Span> spans_from_text(const std::string& text);

}  // namespace arf
