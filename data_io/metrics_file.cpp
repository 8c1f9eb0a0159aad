#include "data_io/metrics_file.h"

#include <sstream>

#include "core/clock.h"
#include "core/error.h"
#include "core/file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvents = "events.out.tfevents.0.arf";

}  // namespace

MetricsFile::MetricsFile(const fs::path& directory, const Position& from)
    : path_(directory / "metrics.jsonl"),
      file_(path_, from.metrics_bytes, Records::kLines),
      events_(directory / kEvents, from.tensorboard_bytes) {}

void MetricsFile::add(const Json& line) {
  file_.add(line.dump() + "\n");
  std::vector<std::pair<std::string, float>> values;
  for (const auto& [key, value] : line.items()) {
    if (key != "iteration" && value.is_number()) values.emplace_back(key, value.get<float>());
  }
  events_.scalars(line.at("iteration").get<std::int64_t>(), wall_seconds(), values);
}

void MetricsFile::sync() const {
  file_.sync();
  events_.sync();
}

std::vector<Json> MetricsFile::lines() const {
  std::vector<Json> lines;
  std::istringstream text(read_file(path_, UINT64_MAX));  // a long run's may be of any size
  for (std::string line; std::getline(text, line);) {
    const std::string place = fmt::format("{}:{}", path_.string(), lines.size() + 1);
    lines.push_back(parse_json(line, place));
    const Json& made = lines.back();
    if (!made.is_object() || !made.contains("iteration") ||
        !made["iteration"].is_number_integer()) {
      input_error("{}: is no line of metrics (it has no iteration); start the run afresh", place);
    }
  }
  return lines;
}

}  // namespace arf
