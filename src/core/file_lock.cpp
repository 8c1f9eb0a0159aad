#include "core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/file.h"
#include "core/host_name.h"
#include "core/log.h"

namespace arf {
namespace {

std::string this_process() { return fmt::format("process {} on {}", ::getpid(), host_name()); }

std::string read_holder(int fd) {
  char text[512];
  const ssize_t got = ::pread(fd, text, sizeof text, 0);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "another process";
}

// Where its holder lets go of it, it removes it.
bool is_still_at(int fd, const std::filesystem::path& path) {
  std::error_code failure;
  const bool is = is_at(fd, path, failure);
  if (failure) resource_error("{}: cannot be looked at: {}", path.string(), failure.message());
  return is;
}

// A process that is being killed holds its locks for some moments more, and who starts it again
// need not know of them.
constexpr int kMostTries = 100;
constexpr useconds_t kBetweenTries = 20000;

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) : path_(path) {
  for (int tries = 0;;) {
    std::error_code failure;  // none of that name is the usual case
    const auto there = std::filesystem::symlink_status(path, failure);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
      input_error("{}: is no regular file; remove it, or name another --output", path.string());
    }
    file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (file_.get() < 0)
      resource_error("{}: cannot be made: {}", path.string(), std::strerror(errno));
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      if (reason != EWOULDBLOCK) {
        log_warning("{}: cannot be locked ({}); see to it that no other process writes here",
                    path.string(), std::strerror(reason));
        break;
      }
      const std::string holder = read_holder(file_.get());
      if (++tries < kMostTries) {
        ::usleep(kBetweenTries);
        continue;
      }
      usage_error("{}: {} is writing there; wait for its end, or name another --output",
                  path.parent_path().string(), holder);
    }
    if (!is_still_at(file_.get(), path)) continue;
    struct stat is {};
    if (::fstat(file_.get(), &is) != 0 || is.st_nlink < 2) break;
    ::unlink(path.c_str());  // its other names are not ours to write to
  }
  const std::string me = this_process();
  if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), me.data(), me.size(), 0) < 0) {
    log_warning("{}: cannot be written: {}", path.string(), std::strerror(errno));
  }
}

bool FileLock::is_in_place() const { return is_still_at(file_.get(), path_); }

FileLock::~FileLock() {
  std::error_code ignored;
  if (is_at(file_.get(), path_, ignored)) ::unlink(path_.c_str());
}

}  // namespace arf
