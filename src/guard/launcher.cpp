#include "guard/launcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

namespace arf {
namespace {

constexpr int kPatience = 5000, kEnding = 3000;  // ms: to end by itself; without connections

struct Ancestor {
  std::string name;
  pid_t parent = 0;
};

// Of /proc/ID/stat: "7 (a name) S 5 ...".
Ancestor read_ancestor(pid_t id) {
  std::ifstream file(fmt::format("/proc/{}/stat", id));
  std::string text;
  std::getline(file, text);
  const std::size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close + 4 > text.size()) return {};
  return {text.substr(open + 1, close - open - 1), std::atoi(text.c_str() + close + 4)};
}

bool is_launcher(const std::string& name) {
  constexpr const char* kNames[] = {"mpirun",          "mpiexec", "mpirun.openmpi",
                                    "mpiexec.openmpi", "orterun", "orted"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Of the first variable that is set; 0: none is.
int number_in(std::initializer_list<const char*> variables) {
  for (const char* const variable : variables) {
    if (const char* const value = std::getenv(variable)) return std::atoi(value);
  }
  return 0;
}

bool is_one_of_several() { return number_in({"OMPI_COMM_WORLD_SIZE"}) > 1; }

bool has_ended(int process, int within_ms) {
  pollfd file{process, POLLIN, 0};
  return ::poll(&file, 1, within_ms) == 1;
}

bool is_connected_by_tcp(int file) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getpeername(file, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

// Those that the process made itself; where it may not be touched, none.
void shut_connections(pid_t id, int process) {
  std::error_code error;
  std::filesystem::directory_iterator at(fmt::format("/proc/{}/fd", id), error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename();
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number <= STDERR_FILENO) continue;
    const auto copy = static_cast<int>(::syscall(SYS_pidfd_getfd, process, number, 0));
    if (copy < 0) continue;
    if (is_connected_by_tcp(copy)) ::shutdown(copy, SHUT_RDWR);
    ::close(copy);
  }
}

}  // namespace

int launched_rank() { return number_in({"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID"}); }

bool speaks_of_hub(int rank) {
  return rank == 1 || number_in({"OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"}) == 0;
}

Launcher::Launcher() {
  if (!is_one_of_several()) return;
  for (pid_t id = ::getppid(); id > 0;) {
    const Ancestor ancestor = read_ancestor(id);
    if (is_launcher(ancestor.name)) {
      id_ = id;
      process_ = static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
      return;
    }
    id = ancestor.parent;
  }
}

void Launcher::let_go() const {
  if (process_ < 0 || ::fork() != 0) return;
  // The launcher waits for those who hold its pipes, and kills its children by their group.
  ::setsid();
  for (const int signal : {SIGTERM, SIGUSR1}) std::signal(signal, SIG_DFL);
  const int process = ::dup2(process_, 0);
  ::syscall(SYS_close_range, 1, ~0U, 0);
  if (!has_ended(process, kPatience)) {
    shut_connections(id_, process);
    if (!has_ended(process, kEnding)) ::syscall(SYS_pidfd_send_signal, process, SIGKILL, 0, 0);
  }
  ::_exit(0);
}

}  // namespace arf
