#include "programs/stdin_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace arf {

namespace {
constexpr std::size_t kReadBytes = 1 << 16;
}

std::string StdinLines::place() const { return fmt::format("stdin:{}", number_); }

// False at the end.
bool StdinLines::read_more() {
  const std::size_t before = rest_.size();
  rest_.resize(before + kReadBytes);
  ssize_t got;
  do {
    got = ::read(STDIN_FILENO, rest_.data() + before, kReadBytes);
  } while (got < 0 && errno == EINTR);
  const int error = errno;
  rest_.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
  if (got < 0) input_error("stdin cannot be read: {}", std::strerror(error));
  return got > 0;
}

std::optional<std::string> StdinLines::next() {
  ++number_;
  std::size_t searched = at_, end;
  while ((end = rest_.find('\n', searched)) == std::string::npos) {
    rest_.erase(0, at_);
    at_ = 0;
    if (rest_.size() > kMostLineBytes) break;
    searched = rest_.size();
    if (!read_more()) {
      if (rest_.empty()) return {};
      rest_ += '\n';  // a last line without its end
    }
  }
  if (std::min(end, rest_.size()) - at_ > kMostLineBytes) {
    input_error("{}: has more than {} bytes; split it", place(), kMostLineBytes);
  }
  std::string line = rest_.substr(at_, end - at_);
  at_ = end + 1;
  return line;
}

}  // namespace arf
