#include "data_io/metrics_file.h"

#include <chrono>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

void cut_to(const fs::path& path, std::uint64_t bytes) {
  if (bytes == 0) return write_file_atomically(path, "");
  std::error_code failure;
  const std::uint64_t size = fs::file_size(path, failure);
  if (failure || size < bytes) {
    input_error(
        "{}: {} bytes, but the checkpoint was made after {}: the file was cut or removed; "
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

MetricsFile::MetricsFile(const fs::path& directory, const Position& from)
    : path_(directory / "metrics.jsonl"),
      metrics_bytes_(from.metrics_bytes),
      events_(directory / "events.out.tfevents.0.arf", from.tensorboard_bytes) {
  cut_to(path_, from.metrics_bytes);
}

void MetricsFile::add(const Json& line) {
  const std::string text = line.dump() + "\n";
  std::ofstream file(path_, std::ios::app | std::ios::binary);
  file << text << std::flush;
  if (!file) resource_error("{}: cannot be written; is the disk full?", path_.string());
  metrics_bytes_ += text.size();
  std::vector<std::pair<std::string, float>> values;
  for (const auto& [key, value] : line.items()) {
    if (key != "iteration" && value.is_number()) values.emplace_back(key, value.get<float>());
  }
  events_.scalars(line.at("iteration").get<std::int64_t>(), now_seconds(), values);
}

std::vector<Json> MetricsFile::lines() const {
  std::vector<Json> lines;
  std::istringstream text(read_file(path_));
  for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
  return lines;
}

}  // namespace arf
