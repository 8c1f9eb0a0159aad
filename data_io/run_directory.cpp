#include "data_io/run_directory.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "core/activity.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "data_io/run_leftovers.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = ".lock";

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

using Keys = std::map<std::string, std::string>;

// Keys of a resolved configuration with their sections; a list's values as they are shown, `a` `b`.
Keys keys_of(const std::string& ini) {
  Keys keys;
  std::istringstream lines(ini);
  std::string line, section;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      section = line.substr(1, line.find(']') - 1);
      continue;
    }
    const auto equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    std::string& value = keys[(section.empty() ? "" : section + ".") + line.substr(0, equals)];
    value += (value.empty() ? "" : "` `") + line.substr(equals + 3);
  }
  return keys;
}

std::string difference(const Keys& was, const Keys& is) {
  std::vector<std::string> parts;
  const auto shown = [](const Keys& keys, const std::string& key) {
    const auto at = keys.find(key);
    return at == keys.end() ? std::string("not set") : "`" + at->second + "`";
  };
  Keys all = was;
  all.insert(is.begin(), is.end());
  for (const auto& [key, unused] : all) {
    const std::string before = shown(was, key), now = shown(is, key);
    if (before != now) parts.push_back(fmt::format("{} was {} and is now {}", key, before, now));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

bool holds_nothing(const fs::path& path) {
  if (!fs::exists(path)) return true;
  if (!fs::is_directory(path)) return false;
  for (const auto& entry : fs::directory_iterator(path)) {
    const fs::path name = entry.path().filename();
    if (name != "manifest.json.partial" && name != kLock) return false;  // killed at the start
  }
  return true;
}

// What a run makes, and could not make over something of another kind at its end.
void refuse_other_kinds(const fs::path& path) {
  const auto refuse = [&](const char* name, bool is_folder) {
    std::error_code unknown;
    const fs::file_type kind = fs::symlink_status(path / name, unknown).type();
    if (kind == fs::file_type::not_found || kind == fs::file_type::none) return;
    if (kind == (is_folder ? fs::file_type::directory : fs::file_type::regular)) return;
    input_error("{}: is no {}, as a run has it; remove it", (path / name).string(),
                is_folder ? "folder" : "file");
  };
  for (const char* folder : {"checkpoints", "journal", "adapter", "model", "scorer", "corpus"}) {
    refuse(folder, true);
  }
  for (const char* file : {"config.ini", "metrics.jsonl", "trail.jsonl", "failures.jsonl",
                           "trace.json", "report.html"}) {
    refuse(file, false);
  }
}

// A directory from elsewhere must not have a run write to what lies outside it. What vanishes
// meanwhile is another process's, which the lock tells of; what cannot be read is not known to be
// no link.
void refuse_links(const fs::path& path) {
  std::error_code failure;
  const auto check = [&](const fs::path& where) {
    if (!failure || failure == std::errc::no_such_file_or_directory) return;
    input_error("{}: cannot be looked through: {}", where.string(), failure.message());
  };
  fs::path seen = path;
  for (fs::recursive_directory_iterator at(path, failure), end; !failure && at != end;
       at.increment(failure)) {
    seen = at->path();
    const bool is_link = at->is_symlink(failure);
    check(seen);
    if (is_link) {
      input_error("{}: is a symbolic link; a run writes into its own directory", seen.string());
    }
  }
  check(seen);
}

// The manifest of the unfinished run of this configuration that may be continued.
Json manifest_to_resume(const fs::path& path, const std::string& command, const std::string& config,
                        const std::string& resume) {
  const fs::path file = path / "manifest.json";
  const std::string mend = "name another --output, or remove the folder";
  if (!fs::is_regular_file(file)) {
    usage_error("--output {}: holds something that is no run of arf; {}", path.string(), mend);
  }
  const Json manifest = json_if_valid(read_file(file, kMostJsonBytes));
  const auto text = [&](const char* key) {
    if (!manifest.is_object() || !manifest.contains(key) || !manifest[key].is_string()) {
      input_error("{}: is not the manifest of a run (field `{}`); {}", file.string(), key, mend);
    }
    return manifest[key].get<std::string>();
  };
  const std::string other = text("command"), started = text("started");
  if (manifest.value("finished", Json(false)) == true) {
    usage_error("--output {}: holds results of `arf {}`, started {}, finished; {}", path.string(),
                other, started, mend);
  }
  if (other != command) {
    usage_error(
        "--output {}: holds results of `arf {}`, started {}, unfinished, and this is `arf {}`; {}",
        path.string(), other, started, command, mend);
  }
  const std::string before = text("config_of_result");
  if (before != config) {
    usage_error(
        "--output {}: holds an unfinished run of another configuration: {}; undo the change, {}",
        path.string(), difference(keys_of(before), keys_of(config)), mend);
  }
  if (resume == "never") {
    usage_error("--output {}: holds an unfinished run, started {}, and --run.resume is never; {}",
                path.string(), started, mend);
  }
  if (!manifest.contains("resumed") || !manifest["resumed"].is_array()) {
    input_error("{}: is not the manifest of a run (field `resumed`); {}", file.string(), mend);
  }
  refuse_links(path);
  refuse_other_kinds(path);
  return manifest;
}

// The manifest to go on with; null for a fresh directory.
Json resumable_manifest(const fs::path& path, const std::string& command, const std::string& config,
                        const std::string& resume) {
  if (path.empty()) usage_error("arf {} needs --output: the directory of the results", command);
  if (!holds_nothing(path)) return manifest_to_resume(path, command, config, resume);
  if (resume == "require") {
    usage_error("--output {}: holds no run to continue, and --run.resume is require",
                path.string());
  }
  return nullptr;
}

// Each folder that is made is synced into the one above it: a power cut takes no run whose
// checkpoints are on the disk.
void make_durable_directories(const fs::path& path) {
  std::vector<fs::path> made;
  std::error_code ignored;
  for (fs::path at = fs::absolute(path); !fs::exists(at, ignored); at = at.parent_path()) {
    made.push_back(at);
  }
  make_directories(path);
  for (const fs::path& folder : made) sync_name(folder);
}

// The run's directory outlives the run, whose exit code is known to main only.
std::optional<RunDirectory>& taken_down() {
  static std::optional<RunDirectory> directory;
  return directory;
}

}  // namespace

void RunDirectory::check(const fs::path& path, const std::string& command,
                         const std::string& config_of_result, const std::string& resume) {
  resumable_manifest(path, command, config_of_result, resume);
}

RunDirectory::RunDirectory(const fs::path& path, const std::string& command,
                           const std::string& resolved_config, const std::string& config_of_result,
                           const std::string& resume)
    : path_(path) {
  check(path, command, config_of_result, resume);
  make_durable_directories(path);
  folder_ = Descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder_.get() < 0) {
    resource_error("{}: cannot be opened: {}", path.string(), std::strerror(errno));
  }
  lock_ = std::make_unique<FileLock>(path / kLock);
  // Once more: another process may have been here since.
  manifest_ = resumable_manifest(path, command, config_of_result, resume);
  resumed_ = !manifest_.is_null();
  if (resumed_) {
    remove_leftovers(path);
    manifest_["resumed"].push_back(utc_now());
    for (const char* of_the_end : {"ended", "exit"}) manifest_.erase(of_the_end);
  } else {
    manifest_ = {{"format", "arf-run"},
                 {"command", command},
                 {"version", ARF_VERSION},
                 {"started", utc_now()},
                 {"config_sha256", sha256_hex(config_of_result)},
                 {"config_of_result", config_of_result},
                 {"resumed", Json::array()},
                 {"finished", false}};
  }
  write_file_atomically(path_ / "manifest.json", manifest_.dump(2) + "\n");
  write_file_atomically(path_ / "config.ini", resolved_config);
}

RunDirectory::~RunDirectory() {
  const bool is_taken_down = lock_ && std::uncaught_exceptions() > 0;
  if (is_taken_down && !taken_down()) taken_down().emplace(std::move(*this));
}

void RunDirectory::note_exit(int exit_code) noexcept {
  try {
    if (taken_down()) taken_down()->finish(exit_code);
  } catch (const std::exception&) {  // a full disk, as a rule, which is why the run has ended
  }
  taken_down().reset();
}

void RunDirectory::require_in_place() const {
  if (!lock_ || lock_->is_in_place()) return;
  std::error_code unknown;
  const bool is_here = is_at(folder_.get(), path_, unknown);
  resource_error("{}: was removed, moved away or replaced while the run was going on",
                 (is_here ? lock_->path() : path_).string());
}

void RunDirectory::note(const std::string& key, const Json& value) {
  require_in_place();
  manifest_[key] = value;
  write_file_atomically(path_ / "manifest.json", manifest_.dump(2) + "\n");
}

void RunDirectory::finish(int exit_code) {
  require_in_place();
  manifest_["ended"] = utc_now();
  manifest_["exit"] = exit_code;
  manifest_["finished"] = exit_code == 0;
  write_file_atomically(path_ / "manifest.json", manifest_.dump(2) + "\n");
  if (exit_code == 0) activity().finished = true;
  lock_.reset();
}

void RunDirectory::withdraw() {
  if (resumed_) return;
  std::error_code ignored;
  for (const char* name : {"manifest.json", "config.ini"}) fs::remove(path_ / name, ignored);
  lock_.reset();
  fs::remove(path_, ignored);  // only where nothing else is in it
}

}  // namespace arf
