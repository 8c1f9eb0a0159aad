#include "roles/run_log.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

// A long run's trace keeps its newest part: a viewer takes some hundred thousand spans.
constexpr std::size_t kMostSpans = 200'000;

}  // namespace

RunLog::RunLog(const fs::path& directory, const Position& from, std::int64_t first_iteration,
               std::int64_t iterations)
    : directory_(directory),
      metrics_(directory, from.metrics),
      trail_(directory, from.trail_bytes),
      progress_("train", static_cast<std::size_t>(iterations), "it") {
  if (first_iteration > 0) progress_.advance(static_cast<std::size_t>(first_iteration));
}

void RunLog::add(const Json& line, const std::string& progress) {
  metrics_.add(line);
  progress_.advance(line.at("iteration").get<std::size_t>() + 1, progress);
}

void RunLog::add_spans(std::vector<Span> spans) {
  spans_.insert(spans_.end(), spans.begin(), spans.end());
  if (spans_.size() > kMostSpans) {
    spans_.erase(spans_.begin(), spans_.end() - static_cast<std::ptrdiff_t>(kMostSpans / 2));
  }
}

void RunLog::write_trace(const std::vector<Span>& spans) const {
  write_chrome_trace(directory_ / "trace.json", spans);
}

void RunLog::sync() const {
  metrics_.sync();
  trail_.sync();
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
