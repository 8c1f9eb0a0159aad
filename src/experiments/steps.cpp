#include "experiments/steps.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/stop_signal.h"

extern char** environ;

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr auto kLook = std::chrono::milliseconds(20);

// As a shell takes it.
std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) c == '\'' ? text += "'\\''" : text += c;
  return text + "'";
}

std::string command_line(const std::vector<std::string>& words) {
  std::string line = "arf";
  for (const std::string& word : words) line += " " + quoted(word);
  return line;
}

// With its standard output in the file.
pid_t start(const std::vector<std::string>& words, const fs::path& out) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
  pid_t child = -1;
  const int failure =
      ::posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (failure != 0) resource_error("{}: cannot be started: {}", words[0], std::strerror(failure));
  return child;
}

// Its exit code, 128 and the signal's number where it was killed. A wish to stop is handed on once,
// by the signal that mpirun passes to its ranks.
int wait_for(pid_t child) {
  int status = 0;
  for (bool told = false;; std::this_thread::sleep_for(kLook)) {
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) break;
    if (ended < 0 && errno != EINTR) resource_error("waitpid: {}", std::strerror(errno));
    if (stop_wanted() && !told) ::kill(child, SIGUSR1);
    told = stop_wanted();
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// What an earlier run of these words has noted.
std::optional<Json> noted(const fs::path& file, const std::string& line) {
  if (!fs::exists(file)) return std::nullopt;
  const Json note = json_if_valid(read_file(file, kMostJsonBytes));
  if (!note.is_object() || !note.contains("command") || !note.contains("result")) {
    input_error("{}: is no step of an experiment; remove it", file.string());
  }
  if (note["command"] != line) {
    usage_error("{}: was made by `{}`, and this experiment's is `{}`; name another --output",
                file.string(), note["command"].dump(), line);
  }
  return note["result"];
}

}  // namespace

ExperimentSteps::ExperimentSteps(fs::path folder, const StepSettings& settings)
    : folder_(std::move(folder)), settings_(settings) {
  make_directories(folder_);
}

Json ExperimentSteps::run(const std::string& name, const std::string& command, const Words& words) {
  return run_words(name, command, words, false);
}

Json ExperimentSteps::run_on_ranks(const std::string& name, const std::string& command,
                                   const Words& words) {
  return run_words(name, command, words, settings_.ranks > 1);
}

Json ExperimentSteps::make(const std::string& name, const std::string& what,
                           const std::function<Json()>& work) {
  command_lines_.push_back("# " + what);
  const fs::path file = folder_ / (name + ".json");
  if (const auto result = noted(file, what)) return *result;
  log_info("{}: {}", name, what);
  std::error_code ignored;
  fs::remove_all(path(name), ignored);  // of a run that was killed before it was noted
  const Json result = work();
  write_file_atomically(file, Json({{"command", what}, {"result", result}}).dump(1) + "\n");
  return result;
}

Json ExperimentSteps::run_words(const std::string& name, const std::string& command,
                                const Words& words, bool on_ranks) {
  Words all = {command};
  all.insert(all.end(), words.begin(), words.end());
  const std::string line = command_line(all);  // without what no result depends on
  command_lines_.push_back(line);
  const fs::path file = folder_ / (name + ".json");
  if (const auto result = noted(file, line)) return *result;
  log_info("{}: {}", name, line);
  Words started;
  if (on_ranks) started = {"mpirun", "-np", std::to_string(settings_.ranks), "--bind-to", "none"};
  started.push_back(settings_.program);
  started.insert(started.end(), all.begin(), all.end());
  for (const std::string& word : {std::string("--output"), path(name), std::string("--json")}) {
    started.push_back(word);
  }
  if (settings_.threads > 0) {
    started.push_back("--run.threads");
    started.push_back(std::to_string(settings_.threads));
  }
  const fs::path out = folder_ / (name + ".out");
  const int code = wait_for(start(started, out));
  if (code != 0) {
    throw Error(static_cast<ExitCode>(code == 85 || code <= 5 ? code : 5),
                fmt::format("{}: `{}` ended with exit {}{}", name, line, code,
                            code == 85 ? "" : ", and has said why; the same command goes on"));
  }
  const Json result = Json::parse(read_file(out, kMostJsonBytes));
  write_file_atomically(file, Json({{"command", line}, {"result", result}}).dump(1) + "\n");
  std::error_code ignored;
  fs::remove(out, ignored);
  return result;
}

}  // namespace arf
