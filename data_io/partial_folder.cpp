#include "data_io/partial_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

const std::string kMark = ".partial-";

// Locked by this process until it is closed, or ends; -1 where another process holds it, or where
// the file system knows no locks: then nobody can tell who does.
int hold(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return -1;
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return -1;
}

void remove_left_behind(const fs::path& final) {
  const std::string begin = final.filename().string() + kMark;
  std::vector<fs::path> found;
  std::error_code ignored;
  const fs::path parent = final.has_parent_path() ? final.parent_path() : ".";
  for (fs::directory_iterator at(parent, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    const std::string name = at->path().filename();
    if (!name.starts_with(begin) || name.size() == begin.size()) continue;
    if (name.find_first_not_of("0123456789", begin.size()) == std::string::npos)
      found.push_back(at->path());
  }
  for (const fs::path& folder : found) {
    const int file = hold(folder);
    if (file < 0) continue;
    fs::remove_all(folder, ignored);
    ::close(file);
  }
}

}  // namespace

PartialFolder::PartialFolder(const fs::path& final) {
  remove_left_behind(final);
  if (final.has_parent_path()) make_directories(final.parent_path());
  // Of another host or container a process may have this one's number.
  for (long number = ::getpid();; ++number) {
    path_ = final.string() + kMark + std::to_string(number);
    if (::mkdir(path_.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      resource_error("{}: cannot be made: {}", path_.string(), std::strerror(errno));
    }
    held_ = hold(path_);
    std::error_code ignored;
    if (held_ < 0 || is_at(held_, path_, ignored)) return;
    ::close(held_);  // another process took it for left behind before it was held
    held_ = -1;
  }
}

PartialFolder::~PartialFolder() {
  std::error_code ignored;
  if (held_ < 0 || is_at(held_, path_, ignored)) fs::remove_all(path_, ignored);
  if (held_ >= 0) ::close(held_);
}

}  // namespace arf
