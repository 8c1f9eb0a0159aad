// The one error policy: a sentence that says what, which value, where, and how to mend it, with
// the exit code of the program (the contract of the command line).
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace arf {

enum class ExitCode : int {
  kDone = 0,
  kDefect = 1,    // a defect in arf itself
  kUsage = 2,     // usage or configuration
  kInput = 3,     // data, model, tokenizer, corpus, checkpoint
  kResource = 4,  // memory, GPU, disk
  kLost = 5,      // a rank, device or connection was lost, or a deadline passed
  kStopped = 85,  // stopped on request, checkpoint written
};

inline constexpr std::size_t kMostMessageBytes = 2000;

class Error : public std::runtime_error {
 public:
  // What a message quotes of a file may be of any length: one of more than kMostMessageBytes keeps
  // its beginning and its end.
  Error(ExitCode code, const std::string& message);
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// What an exception of any kind means to a user: of ours, itself; of memory or the file system, a
// resource (a link to itself: an input); any other, a defect in arf.
Error as_error(const std::exception& exception);

template <typename... Args>
[[noreturn]] void usage_error(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ExitCode::kUsage, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
[[noreturn]] void input_error(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ExitCode::kInput, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
[[noreturn]] void resource_error(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ExitCode::kResource, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
[[noreturn]] void lost_error(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ExitCode::kLost, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
[[noreturn]] void defect(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ExitCode::kDefect, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace arf

// An invariant of our own code; what fails it is a defect (exit 1), never a user's input.
#define ARF_CHECK(condition, ...)                                                    \
  do {                                                                               \
    if (!(condition)) {                                                              \
      ::arf::defect("{}:{}: `{}` does not hold: {}", __FILE__, __LINE__, #condition, \
                    ::fmt::format(__VA_ARGS__));                                     \
    }                                                                                \
  } while (false)
