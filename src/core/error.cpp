#include "core/error.h"

#include <filesystem>
#include <new>

#include "core/utf8.h"

namespace arf {

namespace {

// what() has no more than what stands before a NUL, which a quoted value may hold.
std::string without_nul(const std::string& message) {
  std::string text;
  for (const char byte : message) byte == '\0' ? text += "\\x00" : text += byte;
  return text;
}

}  // namespace

Error::Error(ExitCode code, const std::string& message)
    : std::runtime_error(without_nul(shortened(message, kMostMessageBytes))), code_(code) {}

Error as_error(const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) return *error;
  const std::string what = exception.what();
  // LibTorch has no type of its own for a failed allocation; its message goes on with a stack
  // trace.
  const bool no_memory = dynamic_cast<const std::bad_alloc*>(&exception) ||
                         what.find("can't allocate memory") != std::string::npos ||
                         what.find("out of memory") != std::string::npos;
  if (no_memory) {
    return {ExitCode::kResource,
            "out of memory; use a smaller batch or context, or a machine with more memory"};
  }
  if (const auto* files = dynamic_cast<const std::filesystem::filesystem_error*>(&exception)) {
    const std::error_code& code = files->code();
    // A link to itself is what a folder from elsewhere has.
    const bool is_link = code == std::errc::too_many_symbolic_link_levels;
    return {is_link ? ExitCode::kInput : ExitCode::kResource,
            fmt::format("{}: {}", files->path1().string(), code.message())};
  }
  return {ExitCode::kDefect, "a defect in arf, please report it with the command line: " + what};
}

}  // namespace arf
