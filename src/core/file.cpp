#include "core/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"

namespace arf {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    input_error("{}: is a directory where a file is needed", path.string());
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) input_error("{}: cannot be opened: {}", path.string(), std::strerror(errno));
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) input_error("{}: cannot be read: {}", path.string(), std::strerror(errno));
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path beside = path.string() + ".partial";
  const auto fail = [&](const char* step) {
    const int reason = errno;
    ::unlink(beside.c_str());
    resource_error("{}: {} of {} bytes failed: {}; free some space or name another directory",
                   path.string(), step, bytes.size(), std::strerror(reason));
  };
  Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) fail("opening");
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t put = ::write(file.get(), bytes.data() + written, bytes.size() - written);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("writing");
    written += static_cast<std::size_t>(put);
  }
  if (::fsync(file.get()) != 0) fail("syncing");
  if (::close(file.release()) != 0) fail("closing");
  if (::rename(beside.c_str(), path.c_str()) != 0) fail("renaming");
  fsync_path(path.has_parent_path() ? path.parent_path() : ".");
}

void fsync_path(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) {
    resource_error("{}: cannot be synced to disk: {}", path.string(), std::strerror(errno));
  }
}

void make_directories(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) resource_error("{}: cannot be created: {}", path.string(), error.message());
}

}  // namespace arf
