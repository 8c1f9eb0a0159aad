#include "data_io/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/activity.h"
#include "core/error.h"
#include "core/file.h"

namespace arf {

namespace {

// Not blocking, so that a pipe of that name is an error and does not wait for a reader.
int open_to_append(const std::filesystem::path& path, bool create) {
  give_one_name(path);
  return ::open(path.c_str(),
                O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (create ? O_CREAT : 0),
                0644);
}

// A file that was changed in its middle is as long as ever; the next line would be added to half of
// one, which shows when all are read, at the end of the run.
void require_end_of_line(int file, const std::filesystem::path& path, std::uint64_t bytes) {
  char last = 0;
  if (::pread(file, &last, 1, static_cast<off_t>(bytes - 1)) != 1) {
    resource_error("{}: cannot be read: {}", path.string(), std::strerror(errno));
  }
  if (last == '\n') return;
  input_error(
      "{}: no line ends at byte {}, where the checkpoint was made: the file was changed; start the "
      "run afresh in another directory",
      path.string(), bytes);
}

}  // namespace

AppendFile::AppendFile(const std::filesystem::path& path, std::uint64_t keep_bytes, Records records)
    : path_(path), file_(open_to_append(path, keep_bytes == 0)), bytes_(keep_bytes) {
  const bool is_open = file_.get() >= 0;
  const bool is_other = !is_open && (errno == ELOOP || errno == ENXIO || errno == EISDIR);
  if (!is_open && !is_other && !(errno == ENOENT && keep_bytes > 0)) {
    resource_error("{}: cannot be opened for writing: {}", path.string(), std::strerror(errno));
  }
  struct stat is {};
  if (is_other || (is_open && ::fstat(file_.get(), &is) == 0 && !S_ISREG(is.st_mode))) {
    input_error("{}: is no file; a run writes into its own directory", path.string());
  }
  const std::uint64_t size = is_open ? static_cast<std::uint64_t>(is.st_size) : 0;
  if (size < keep_bytes) {
    input_error(
        "{}: {} bytes, but the checkpoint was made after {}: the file was cut or removed; "
        "start the run afresh in another directory",
        path.string(), size, keep_bytes);
  }
  if (records == Records::kLines && keep_bytes > 0) {
    require_end_of_line(file_.get(), path, keep_bytes);
  }
  if (::ftruncate(file_.get(), static_cast<off_t>(keep_bytes)) != 0) {
    resource_error("{}: cannot be cut: {}", path.string(), std::strerror(errno));
  }
}

void AppendFile::add(std::string_view record) {
  struct stat is {};
  if (::fstat(file_.get(), &is) != 0 || is.st_nlink == 0 ||
      static_cast<std::uint64_t>(is.st_size) != bytes_) {
    resource_error(
        "{}: was removed or changed while the run was going on (put it back, or start afresh in "
        "another directory)",
        path_.string());
  }
  for (std::string_view rest = record; !rest.empty();) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int reason = errno;
      (void)!::ftruncate(file_.get(), static_cast<off_t>(bytes_));
      resource_error("{}: {} bytes cannot be written: {}", path_.string(), record.size(),
                     std::strerror(reason));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  bytes_ += record.size();
  note_progress();
}

void AppendFile::sync() const {
  if (::fsync(file_.get()) != 0) {
    resource_error("{}: cannot be synced: {}", path_.string(), std::strerror(errno));
  }
  note_progress();
}

}  // namespace arf
