// Where a run's time went: spans, and the Chrome trace (chrome://tracing, Perfetto) they become.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace arf {

// Example: {"generate", 1700000000000000, 250000, 2}: rank 2 generated for a quarter of a second.
struct Span {
  std::string name;
  std::int64_t start_us = 0;  // microseconds since 1970, so that the ranks' spans line up
  std::int64_t duration_us = 0;
  int rank = 0;
  bool operator==(const Span&) const = default;
};

// Collects one rank's spans; safe from several threads.
class SpanRecorder {
 public:
  explicit SpanRecorder(int rank);

  // From its making to its end. Example: const auto scope = recorder.scope("generate");
  class Scope {
   public:
    Scope(SpanRecorder* recorder, std::string name);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    SpanRecorder* recorder_;
    std::string name_;
    std::int64_t start_us_;
  };
  [[nodiscard]] Scope scope(std::string name) { return Scope(this, std::move(name)); }

  void add(std::string name, std::int64_t start_us, std::int64_t duration_us);
  std::int64_t now_us() const;  // never goes back, whatever is done to the system's clock
  double seconds(const std::string& name) const;  // sum over the spans of this name held now
  std::vector<Span> spans() const;
  std::vector<Span> take();  // the same, and forgets them

 private:
  int rank_;
  std::int64_t origin_us_;
  std::chrono::steady_clock::time_point origin_;
  mutable std::mutex mutex_;
  std::vector<Span> spans_;
};

// One row per rank; times from the earliest span on. Order of the spans does not matter.
std::string chrome_trace(std::vector<Span> spans);
void write_chrome_trace(const std::filesystem::path& path, std::vector<Span> spans);

}  // namespace arf
