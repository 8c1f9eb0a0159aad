#include "roles/run_log.h"

#include <chrono>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

// A long run's trace keeps its newest part: a viewer takes some hundred thousand spans.
constexpr std::size_t kMostSpans = 200'000;

fs::path metrics_file(const fs::path& directory) { return directory / "metrics.jsonl"; }
fs::path events_file(const fs::path& directory) { return directory / "events.out.tfevents.0.arf"; }

void cut_to(const fs::path& path, std::uint64_t bytes) {
  if (bytes == 0) return write_file_atomically(path, "");
  std::error_code failure;
  const std::uint64_t size = fs::file_size(path, failure);
  if (failure || size < bytes) {
    input_error("{}: {} bytes, but the checkpoint was made after {}: the file was cut or removed; "
                "start the run afresh in another directory",
                path.string(), failure ? 0 : size, bytes);
  }
  fs::resize_file(path, bytes, failure);
  if (failure) resource_error("{}: cannot be cut: {}", path.string(), failure.message());
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

RunLog::RunLog(const fs::path& directory, const Position& from, std::int64_t first_iteration,
               std::int64_t iterations)
    : directory_(directory),
      metrics_bytes_(from.metrics_bytes),
      tensorboard_(events_file(directory), from.tensorboard_bytes),
      progress_("train", static_cast<std::size_t>(iterations), "it") {
  cut_to(metrics_file(directory), from.metrics_bytes);
  if (first_iteration > 0) progress_.advance(static_cast<std::size_t>(first_iteration));
}

void RunLog::add(const Json& line, const std::string& progress) {
  const std::string text = line.dump() + "\n";
  const fs::path path = metrics_file(directory_);
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << text << std::flush;
  if (!file) resource_error("{}: cannot be written; is the disk full?", path.string());
  metrics_bytes_ += text.size();
  std::vector<std::pair<std::string, float>> values;
  for (const auto& [key, value] : line.items()) {
    if (key == "iteration" || !value.is_number()) continue;
    values.emplace_back(key, value.get<float>());
  }
  const auto iteration = line.at("iteration").get<std::int64_t>();
  tensorboard_.scalars(iteration, now_seconds(), values);
  progress_.advance(static_cast<std::size_t>(iteration) + 1, progress);
}

void RunLog::add_spans(std::vector<Span> spans) {
  spans_.insert(spans_.end(), spans.begin(), spans.end());
  if (spans_.size() > kMostSpans) {
    spans_.erase(spans_.begin(), spans_.end() - static_cast<std::ptrdiff_t>(kMostSpans / 2));
  }
}

RunLog::Position RunLog::position() const { return {metrics_bytes_, tensorboard_.offset()}; }

void RunLog::write_trace() const { write_chrome_trace(directory_ / "trace.json", spans_); }

std::vector<Json> RunLog::metrics() const {
  std::vector<Json> lines;
  std::istringstream text(read_file(metrics_file(directory_)));
  for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
  return lines;
}

std::string spans_to_text(const std::vector<Span>& spans) {
  Json list = Json::array();
  for (const Span& span : spans) {
    list.push_back(Json::array({span.name, span.start_us, span.duration_us, span.rank}));
  }
  return list.dump();
}

std::vector<Span> spans_from_text(const std::string& text) {
  std::vector<Span> spans;
  for (const Json& item : Json::parse(text)) {
    spans.push_back({item.at(0), item.at(1), item.at(2), item.at(3)});
  }
  return spans;
}

}  // namespace arf
