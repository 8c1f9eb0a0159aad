#include "core/bus_error.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "core/error.h"

namespace arf {
namespace {

void end(int /*signal*/) {
  say_bus_error();
  ::_exit(static_cast<int>(ExitCode::kInput));
}

}  // namespace

void name_bus_errors() { std::signal(SIGBUS, end); }

void say_bus_error() {
  constexpr std::string_view kSentence =
      "arf: error: a file that is in use (of a model, a scorer or a corpus) was cut short, or its "
      "disk cannot be read; bring it back, and give the same command again\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kSentence.data(), kSentence.size());
}

}  // namespace arf
