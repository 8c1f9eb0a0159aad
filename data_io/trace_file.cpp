#include "data_io/trace_file.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"

namespace arf {

SpanRecorder::SpanRecorder(int rank)
    : rank_(rank),
      origin_us_(std::chrono::duration_cast<std::chrono::microseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count()),
      origin_(std::chrono::steady_clock::now()) {}

SpanRecorder::Scope::Scope(SpanRecorder* recorder, std::string name)
    : recorder_(recorder), name_(std::move(name)), start_us_(recorder->now_us()) {}

SpanRecorder::Scope::~Scope() {
  recorder_->add(std::move(name_), start_us_, recorder_->now_us() - start_us_);
}

void SpanRecorder::add(std::string name, std::int64_t start_us, std::int64_t duration_us) {
  const std::lock_guard lock(mutex_);
  spans_.push_back({std::move(name), start_us, duration_us, rank_});
}

std::int64_t SpanRecorder::now_us() const {
  const auto passed = std::chrono::steady_clock::now() - origin_;
  return origin_us_ + std::chrono::duration_cast<std::chrono::microseconds>(passed).count();
}

double SpanRecorder::seconds(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const Span& span : spans_) sum += span.name == name ? span.duration_us : 0;
  return 1e-6 * static_cast<double>(sum);
}

std::vector<Span> SpanRecorder::spans() const {
  const std::lock_guard lock(mutex_);
  return spans_;
}

std::vector<Span> SpanRecorder::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(spans_, {});
}

std::string chrome_trace(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.rank, a.start_us, b.duration_us, a.name) <
           std::tie(b.rank, b.start_us, a.duration_us, b.name);
  });
  std::int64_t first = spans.empty() ? 0 : spans[0].start_us;
  std::set<int> ranks;
  for (const Span& span : spans) {
    first = std::min(first, span.start_us);
    ranks.insert(span.rank);
  }
  Json events = Json::array();
  for (const int rank : ranks) {
    events.push_back({{"ph", "M"},
                      {"name", "thread_name"},
                      {"pid", 0},
                      {"tid", rank},
                      {"args", {{"name", fmt::format("rank {}", rank)}}}});
  }
  for (const Span& span : spans) {
    events.push_back({{"ph", "X"},
                      {"name", span.name},
                      {"pid", 0},
                      {"tid", span.rank},
                      {"ts", span.start_us - first},
                      {"dur", span.duration_us}});
  }
  return Json{{"displayTimeUnit", "ms"}, {"traceEvents", events}}.dump();
}

void write_chrome_trace(const std::filesystem::path& path, std::vector<Span> spans) {
  write_file_atomically(path, chrome_trace(std::move(spans)) + "\n");
}

}  // namespace arf
