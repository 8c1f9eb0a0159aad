// Input files as streams: plain or gzip (told by content), a block at a time, so that memory does
// not depend on the size of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace arf {

class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);  // input_error
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Appends the next block to `buffer`; false at the end. input_error: a gzip stream that ends
  // early, is damaged or is followed by something else, with the number of bytes before.
  bool append_block(std::string* buffer);
  const std::string& name() const { return name_; }  // for messages
  std::uint64_t bytes() const { return bytes_; }     // uncompressed, so far

 private:
  void check_read() const;
  std::size_t inflate_block(char* out);
  bool begin_member(std::uint64_t bytes);
  [[noreturn]] void damaged(std::uint64_t bytes, const std::string& why) const;

  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::string name_;
  std::uint64_t bytes_ = 0;
};

// Lines without their \n or \r\n; a byte-order mark at the start is left out. Memory: the longest
// line, at most kLargestRecordBytes.
class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& path) : file_(path) {}
  bool next(std::string_view* line);                // valid until the next call
  std::uint64_t number() const { return number_; }  // of the last line, from 1
  std::string place() const;                        // "FILE:LINE"
  const InputFile& file() const { return file_; }

 private:
  InputFile file_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
};

inline constexpr std::size_t kLargestRecordBytes = 64u << 20;

}  // namespace arf
