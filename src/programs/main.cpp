// The plan: find the command, run it, turn what went wrong into one sentence and an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "comm/communicator.h"
#include "core/bus_error.h"
#include "core/error.h"
#include "core/log.h"
#include "core/memory.h"
#include "data_io/run_directory.h"
#include "programs/commands.h"
#include "programs/guarded_ranks.h"
#include "programs/version.h"

namespace {

// Where a standard stream is closed (2>&-), the next file of the program would have its number, and
// the log would be written into it. /dev/null takes the number, opened so that a read of stdin and
// a write of a result still fail. False (errno) where /dev/null cannot be opened.
bool hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return false;
  }
  return true;
}

// Open MPI tells its processes so before MPI is started.
void refuse_several_ranks(const char* command) {
  const char* ranks = std::getenv("OMPI_COMM_WORLD_SIZE");
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  if (!ranks || !rank || std::atoi(ranks) <= 1) return;
  arf::start_log("text", std::atoi(rank));
  arf::error_is_agreed = true;
  arf::usage_error("`{}` runs on one rank, and here are {}; start it without mpirun", command,
                   ranks);
}

int run(const std::vector<std::string>& words) {
  using namespace arf;
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    std::fputs(overview().c_str(), stdout);
    return words.empty() ? static_cast<int>(ExitCode::kUsage) : 0;
  }
  if (words[0] == "--version") {
    std::fputs(version_text().c_str(), stdout);
    return 0;
  }
  for (const Command& command : commands()) {
    if (words[0] != command.name) continue;
    if (!command.takes_ranks) refuse_several_ranks(command.name);
    return command.run({words.begin() + 1, words.end()});
  }
  usage_error("`{}` is not a command; `arf --help` lists them", words[0]);
}

// A result that did not reach its reader is no result.
void flush_stdout() {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return;
  arf::resource_error("stdout: the result cannot be written: {}",
                      errno ? std::strerror(errno) : "an earlier write failed");
}

}  // namespace

int main(int argc, char** argv) {
  if (!hold_standard_streams()) {
    ::dprintf(STDERR_FILENO,
              "arf: error: a standard stream is closed, and /dev/null cannot be opened in its "
              "place: %s\n",
              std::strerror(errno));
    return static_cast<int>(arf::ExitCode::kResource);
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is an error of the write
  arf::keep_freed_memory();
  arf::name_lack_of_memory();
  arf::name_bus_errors();
  try {
    const int code = run({argv + 1, argv + argc});
    flush_stdout();
    return code;
  } catch (const std::exception& exception) {
    const arf::Error error = arf::as_error(exception);
    // An error that several ranks have is said once.
    const bool is_mine = !arf::error_is_agreed && !arf::error_is_shared;
    const bool says = is_mine || arf::log_rank() == 0;
    if (says && !arf::error_is_said) arf::log_error("{}", error.what());
    arf::RunDirectory::note_exit(static_cast<int>(error.code()));
    return static_cast<int>(error.code());
  }
}
