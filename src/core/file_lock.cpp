#include "core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/host_name.h"
#include "core/log.h"

namespace arf {
namespace {

// Whether `path` still is the open file: its holder removes it when it lets go.
bool is_at(int fd, const std::filesystem::path& path) {
  struct stat open_file {
  }, named{};
  return ::fstat(fd, &open_file) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

std::string this_process() { return fmt::format("process {} on {}", ::getpid(), host_name()); }

std::string read_holder(int fd) {
  char text[512];
  const ssize_t got = ::pread(fd, text, sizeof text, 0);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "another process";
}

// A process that is being killed holds its locks for some moments more, and who starts it again
// need not know of them.
constexpr int kMostTries = 100;
constexpr useconds_t kBetweenTries = 20000;

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) : path_(path) {
  for (int tries = 0;;) {
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd_ < 0) resource_error("{}: cannot be made: {}", path.string(), std::strerror(errno));
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      if (reason != EWOULDBLOCK) {
        log_warning("{}: cannot be locked ({}); see to it that no other process writes here",
                    path.string(), std::strerror(reason));
        break;
      }
      const std::string holder = read_holder(fd_);
      ::close(fd_);
      if (++tries < kMostTries) {
        ::usleep(kBetweenTries);
        continue;
      }
      usage_error("{}: {} is writing there; wait for its end, or name another --output",
                  path.parent_path().string(), holder);
    }
    if (is_at(fd_, path)) break;
    ::close(fd_);
  }
  const std::string me = this_process();
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, me.data(), me.size(), 0) < 0) {
    log_warning("{}: cannot be written: {}", path.string(), std::strerror(errno));
  }
}

bool FileLock::is_in_place() const { return is_at(fd_, path_); }

FileLock::~FileLock() {
  if (is_in_place()) ::unlink(path_.c_str());
  ::close(fd_);
}

}  // namespace arf
