// The log: stderr, only rank 0 unless a rank has an error. stdout belongs to results.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace arf {

// format: "text" or "json"; quiet ranks (all but 0) log errors only.
void start_log(const std::string& format, int rank);

int log_rank();  // as given to start_log; 0 before

// 0 info, 1 warning, 2 error. Always one line: line breaks and what a terminal would act on are
// shown as \n, \x1b; a text of more than kMostMessageBytes loses its middle.
void log_line(int level, const std::string& text);

template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(0, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(1, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_line(2, fmt::format(format, std::forward<Args>(args)...));
}

// Progress on stderr: on a terminal one bar with rate, time left and `numbers` (say "reward 0.31
// kl 0.02"), redrawn in place; otherwise a line every few seconds (JSON where the log is JSON).
class Progress {
 public:
  Progress(std::string what, std::size_t total, std::string unit = "it");  // total 0: unknown
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void advance(std::size_t done, const std::string& numbers = "");  // done: so far, not a step

 private:
  void draw(double now, bool last);
  std::string what_, unit_, numbers_;
  std::size_t total_, done_ = 0, first_ = 0;
  double started_, drawn_ = 0;
  bool begun_ = false;
};

}  // namespace arf
