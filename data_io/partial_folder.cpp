#include "data_io/partial_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/host_name.h"
#include "core/log.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

const std::string kMark = ".partial-", kBeingWritten = ".partial";

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What a corpus, a tokenizer, a scorer and a recipe are made of.
bool is_made_by_arf(std::string name) {
  static const std::set<std::string> names = {
      "index.json",  "config.ini",          "tokenizer.json",    "tokenizer_config.json",
      "config.json", "chat_template.jinja", "model.safetensors", "recipe.json",
      "report.html"};
  if (name.ends_with(kBeingWritten)) name.resize(name.size() - kBeingWritten.size());
  if (names.contains(name)) return true;
  const std::string begin = "shard-", end = ".h5";
  return name.starts_with(begin) && name.ends_with(end) &&
         name.size() > begin.size() + end.size() &&
         is_number(
             std::string_view(name).substr(begin.size(), name.size() - begin.size() - end.size()));
}

// A part of a recipe, or what a writer has begun of it.
bool is_part_of_recipe(const std::string& name) {
  for (const std::string part : {"train", "validation", "test"}) {
    if (name == part || name.starts_with(part + kMark)) return true;
  }
  return false;
}

bool holds_only_ours(const fs::path& folder, bool with_parts = true) {
  std::error_code failure;
  if (!fs::is_directory(fs::symlink_status(folder, failure))) return false;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string name = at->path().filename();
    if (with_parts && is_part_of_recipe(name)) {
      if (!holds_only_ours(at->path(), /*with_parts=*/false)) return false;
      continue;
    }
    if (!fs::is_regular_file(at->symlink_status(failure)) || !is_made_by_arf(name)) return false;
  }
  return !failure;
}

// The system's answer: 0, and the folder is locked until `file` is closed, or the process ends;
// EWOULDBLOCK, another process holds it; ENOENT, one has removed it; ENOLCK, the file system knows
// no locks, and nobody can tell who holds it.
int hold(const fs::path& folder, Descriptor* file) {
  *file = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (file->get() < 0) return errno;
  if (::flock(file->get(), LOCK_EX | LOCK_NB) == 0) return 0;
  const int reason = errno == EWOULDBLOCK ? EWOULDBLOCK : ENOLCK;
  *file = Descriptor();
  return reason;
}

std::string beginning_of_name(const fs::path& place, Hosts hosts) {
  const std::string begin = place.filename().string() + kMark;
  if (hosts == Hosts::kAll) return begin;
  std::string host = host_name();
  std::replace(host.begin(), host.end(), '/', '_');
  return begin + host + "-";
}

// Whether a name is `begin`, for all hosts a host and a dash, and a number.
bool is_name(std::string_view name, const std::string& begin, Hosts hosts) {
  if (!name.starts_with(begin)) return false;
  name.remove_prefix(begin.size());
  if (hosts == Hosts::kOwn) return is_number(name);
  const std::size_t dash = name.rfind('-');
  return dash != std::string_view::npos && dash > 0 && is_number(name.substr(dash + 1));
}

// Onto a folder that holds nothing another can be renamed, but not where the system sees more in
// it.
void refuse_unmovable(const fs::path& output) {
  std::error_code ignored;
  if (fs::equivalent(output, ".", ignored)) {
    usage_error(
        "{}: is the folder that arf was started in, whose place another folder is to take; name a "
        "folder inside of it",
        output.string());
  }
  struct statx is {};
  if (::statx(AT_FDCWD, output.c_str(), 0, 0, &is) == 0 &&
      (is.stx_attributes & is.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)) {
    usage_error(
        "{}: is where a file system is mounted, whose place no folder can take; name a folder "
        "inside of it",
        output.string());
  }
}

// As the system understands it: of link/../c the link is followed first. The folders above are
// made.
fs::path place_of(const fs::path& output) {
  make_directories(folder_of(output));
  if (fs::is_directory(output)) return fs::canonical(output);
  return fs::canonical(folder_of(output)) / without_trailing_slash(output).filename();
}

// Of the folder that is to be replaced, with the group that they are for.
void take_permissions(const fs::path& from, const fs::path& to) {
  struct stat is {};
  if (::lstat(from.c_str(), &is) != 0 || !S_ISDIR(is.st_mode)) return;
  if (::chown(to.c_str(), static_cast<uid_t>(-1), is.st_gid) != 0) is.st_mode &= ~mode_t{S_IRWXG};
  ::chmod(to.c_str(), (is.st_mode & 07777) | S_IRWXU);
}

}  // namespace

void refuse_occupied_output(const fs::path& output) {
  if (output.empty()) usage_error("--output is empty; it takes the folder that is to be made");
  std::error_code failure;
  if (!fs::exists(fs::symlink_status(output, failure))) {
    if (output.filename() != "..") return;
    usage_error("{}: ends in `..`, and the folder before it is not there; name another output",
                output.string());
  }
  const bool is_free = fs::is_directory(output, failure) && fs::is_empty(output, failure);
  if (failure && failure != std::errc::no_such_file_or_directory) {  // a link may lead nowhere
    usage_error("{}: cannot be looked into: {}; name another output", output.string(),
                failure.message());
  }
  if (!is_free) {
    usage_error("{}: holds something already; name another output or remove it", output.string());
  }
  refuse_unmovable(output);
}

void remove_left_behind(const fs::path& place, Hosts hosts) {
  const std::string begin = beginning_of_name(place, hosts);
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(place.parent_path(), ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    if (is_name(at->path().filename().string(), begin, hosts)) found.push_back(at->path());
  }
  for (const fs::path& folder : found) {
    Descriptor file;
    if (hold(folder, &file) != 0 || !is_at(file.get(), folder, ignored)) continue;
    if (!holds_only_ours(folder)) continue;
    const bool is_empty = fs::is_empty(folder, ignored);  // it may be one that is just made
    fs::remove_all(folder, ignored);
    if (!is_empty) log_info("{}: left by a process that was killed; removed", folder.string());
  }
}

PartialFolder::PartialFolder(const fs::path& output) {
  refuse_occupied_output(output);
  place_ = place_of(output);
  refuse_occupied_output(place_);
  remove_left_behind(place_, Hosts::kOwn);
  // Of another container of this host's name a process may have this one's number.
  for (long number = ::getpid();; ++number) {
    path_ =
        place_.parent_path() / (beginning_of_name(place_, Hosts::kOwn) + std::to_string(number));
    if (::mkdir(path_.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      resource_error("{}: cannot be made: {}", path_.string(), std::strerror(errno));
    }
    const int reason = hold(path_, &held_);
    std::error_code failure;
    if (reason == ENOLCK || (reason == 0 && is_at(held_.get(), path_, failure))) {
      take_permissions(place_, path_);
      return;
    }
    // Another process took it for left behind before it was held.
    if (reason == 0 || reason == EWOULDBLOCK || reason == ENOENT) continue;
    ::rmdir(path_.c_str());
    resource_error("{}: cannot be opened: {}", path_.string(), std::strerror(reason));
  }
}

void PartialFolder::finish() {
  std::error_code error;
  fs::rename(path_, place_, error);
  if (error == std::errc::directory_not_empty || error == std::errc::file_exists) {
    refuse_occupied_output(place_);
  }
  if (error) {
    resource_error("{}: cannot be renamed to {}: {}", path_.string(), place_.string(),
                   error.message());
  }
  finished_ = true;
  sync_name(place_);
}

PartialFolder::~PartialFolder() {
  if (finished_) return;
  std::error_code ignored;
  if (held_.get() < 0 || is_at(held_.get(), path_, ignored)) fs::remove_all(path_, ignored);
}

}  // namespace arf
