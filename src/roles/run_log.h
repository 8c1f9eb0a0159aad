// What a run tells while it goes: metrics.jsonl, the same for TensorBoard, trace.json, the progress
// line. Rank 0 alone has one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/log.h"
#include "data_io/metrics_file.h"
#include "data_io/trace_file.h"
#include "data_io/trail_file.h"
#include "exchange/conversation.h"

namespace arf {

class RunLog {
 public:
  // Bytes of the files at a checkpoint.
  struct Position {
    MetricsFile::Position metrics;
    std::uint64_t trail_bytes = 0;
  };
  // from: where the files stood at the checkpoint that the run goes on from.
  RunLog(const std::filesystem::path& directory, const Position& from, std::int64_t first_iteration,
         std::int64_t iterations);

  // One iteration: a line of numbers (keys as in the contract of the command line).
  void add(const Json& line, const std::string& progress);
  void add_trail(const TrailLine& line) { trail_.add(line); }
  void add_spans(std::vector<Span> spans);
  Position position() const { return {metrics_.position(), trail_.position()}; }
  const std::vector<Span>& spans() const { return spans_; }
  // These two from any thread.
  void write_trace(const std::vector<Span>& spans) const;
  void sync() const;  // what was added, to the disk; resource_error
  std::vector<Json> metrics() const { return metrics_.lines(); }

 private:
  std::filesystem::path directory_;
  MetricsFile metrics_;
  TrailFile trail_;
  std::vector<Span> spans_;
  Progress progress_;
};

// Spans to and from the text that ranks send.
std::string spans_to_text(const std::vector<Span>& spans);
std::vector<Span> spans_from_text(const std::string& text);

}  // namespace arf
