// A file that is read from its beginning. Names come from strangers' folders, too: a pipe would be
// waited for, and a device has no end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "core/descriptor.h"

namespace arf {

class FileReader {
 public:
  enum class Takes { kRegularFiles, kPipesToo };  // a pipe only where the user himself named it

  // input_error with the path: it cannot be opened, or is none of what is taken.
  explicit FileReader(const std::filesystem::path& path, Takes takes = Takes::kRegularFiles);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  int file() const { return file_.get(); }                  // open while this lives
  std::uint64_t size_bytes() const { return size_bytes_; }  // 0 of a pipe
  // At most `size` bytes, and how many; 0: the end. input_error with the system's reason.
  std::size_t read(char* to, std::size_t size);

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace arf
