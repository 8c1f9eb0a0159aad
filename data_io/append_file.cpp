#include "data_io/append_file.h"

#include <fstream>

#include "core/error.h"
#include "core/file.h"

namespace arf {

namespace fs = std::filesystem;

void cut_to(const fs::path& path, std::uint64_t bytes) {
  if (bytes == 0) return write_file_atomically(path, "");
  std::error_code failure;
  const std::uint64_t size = fs::file_size(path, failure);
  if (failure || size < bytes) {
    input_error(
        "{}: {} bytes, but the checkpoint was made after {}: the file was cut or removed; "
        "start the run afresh in another directory",
        path.string(), failure ? 0 : size, bytes);
  }
  fs::resize_file(path, bytes, failure);
  if (failure) resource_error("{}: cannot be cut: {}", path.string(), failure.message());
}

std::uint64_t append_line(const fs::path& path, const std::string& line) {
  std::error_code failure;
  const std::uint64_t before = fs::file_size(path, failure);
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << line << '\n' << std::flush;
  if (file) return line.size() + 1;
  if (!failure) fs::resize_file(path, before, failure);
  resource_error("{}: cannot be written; is the disk full?", path.string());
}

}  // namespace arf
