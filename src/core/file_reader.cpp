#include "core/file_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/activity.h"
#include "core/error.h"

namespace arf {

FileReader::FileReader(const std::filesystem::path& path, Takes takes) : path_(path) {
  const bool takes_pipes = takes == Takes::kPipesToo;
  // A pipe without a writer would be waited for, before it could be told that it is none.
  file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | (takes_pipes ? 0 : O_NONBLOCK)));
  if (file_.get() < 0) input_error("{}: cannot be opened: {}", path.string(), std::strerror(errno));
  struct stat is {};
  const bool is_known = ::fstat(file(), &is) == 0;
  if (is_known && S_ISREG(is.st_mode)) size_bytes_ = static_cast<std::uint64_t>(is.st_size);
  if (is_known && (S_ISREG(is.st_mode) || (takes_pipes && !S_ISDIR(is.st_mode)))) return;
  if (is_known && S_ISDIR(is.st_mode)) {
    input_error("{}: is a directory where a file is needed", path.string());
  }
  input_error("{}: is no regular file but a pipe or a device; put the file itself there",
              path.string());
}

std::size_t FileReader::read(char* to, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(file(), to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) input_error("{}: cannot be read: {}", path_.string(), std::strerror(errno));
    note_progress();
    return static_cast<std::size_t>(got);
  }
}

}  // namespace arf
