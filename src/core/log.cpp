#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "core/activity.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "core/utf8.h"

namespace arf {
namespace {

struct LogState {
  bool json = false;
  int rank = 0;
  bool bar_on_screen = false;  // a log line first ends the bar's line
  std::shared_ptr<spdlog::logger> logger = spdlog::stderr_logger_mt("arf");
  LogState() { logger->set_pattern("%v"); }
};

LogState& state() {
  static LogState s;
  return s;
}

bool on_terminal() { return ::isatty(STDERR_FILENO) == 1 && !state().json; }

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

// Three digits, or all that stand before the point.
std::string rate_text(double rate) {
  return rate < 100 ? fmt::format("{:.3g}", rate) : fmt::format("{:.0f}", rate);
}

// Names and texts in messages are of files from elsewhere: nothing in them reaches a terminal raw,
// and none of them makes a line that looks like a message.
std::string one_line(const std::string& text) {
  return printable(shortened(text, kMostMessageBytes), kUncut);
}

}  // namespace

void start_log(const std::string& format, int rank) {
  state().json = format == "json";
  state().rank = rank;
}

int log_rank() { return state().rank; }

void log_line(int level, const std::string& text) {
  const std::string message = one_line(text);
  LogState& s = state();
  if (s.rank != 0 && level < 2) return;
  static constexpr const char* kNames[] = {"info", "warning", "error"};
  if (s.bar_on_screen) std::fputs("\r\033[K", stderr);
  s.bar_on_screen = false;
  if (s.json) {
    s.logger->info(Json{{"level", kNames[level]}, {"rank", s.rank}, {"message", message}}.dump());
  } else {
    const std::string rank = fmt::format("rank {}", s.rank);
    const bool is_said =
        s.rank == 0 || message.starts_with(rank + " ") || message.starts_with(rank + ":");
    const std::string where = is_said ? "" : rank + ": ";
    s.logger->info("{}{}{}", level == 0 ? "" : fmt::format("arf: {}: ", kNames[level]), where,
                   message);
  }
}

Progress::Progress(std::string what, std::size_t total, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), total_(total), started_(steady_seconds()) {}

Progress::~Progress() {
  if (begun_ && std::uncaught_exceptions() == 0) draw(steady_seconds(), true);
}

void Progress::advance(std::size_t done, const std::string& numbers) {
  note_progress();
  if (!begun_) first_ = done;  // a resumed run's rate counts its own work only
  begun_ = true;
  done_ = done;
  numbers_ = numbers;
  const double now = steady_seconds();
  if (now - drawn_ >= (on_terminal() ? 0.1 : 10.0)) draw(now, false);
}

void Progress::draw(double now, bool last) {
  drawn_ = now;
  LogState& s = state();
  if (s.rank != 0) return;
  const double elapsed = std::max(now - started_, 1e-9);
  const double rate = static_cast<double>(done_ - first_) / elapsed;
  std::string line;
  if (total_ > 0) {
    const double left = rate > 0 ? static_cast<double>(total_ - std::min(done_, total_)) / rate : 0;
    line = fmt::format("{} {}/{} {}  {} {}/s  {} left", what_, done_, total_, unit_,
                       rate_text(rate), unit_, clock_text(left));
  } else {
    line = fmt::format("{} {} {}  {} {}/s", what_, done_, unit_, rate_text(rate), unit_);
  }
  if (!numbers_.empty()) line += "  " + numbers_;
  if (on_terminal()) {
    if (total_ > 0) {
      constexpr int kWidth = 20;
      const int full = static_cast<int>(kWidth * std::min(done_, total_) / total_);
      line = "[" + std::string(full, '#') + std::string(kWidth - full, '.') + "] " + line;
    }
    std::fprintf(stderr, "\r\033[K%s%s", one_line(line).c_str(), last ? "\n" : "");
    std::fflush(stderr);
    s.bar_on_screen = !last;
  } else {
    log_line(0, line);
  }
}

}  // namespace arf
