#include "data_io/input_file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include "core/activity.h"
#include "core/error.h"
#include "core/file.h"

namespace arf {
namespace {

constexpr std::size_t kBlockBytes = 256 << 10;

}  // namespace

// The file's bytes, a block at a time, and the state of zlib where they are gzip. Our own loop: the
// one of zlib (gzread) passes over what follows a member in silence, and so over a damaged one.
struct InputFile::Stream {
  std::FILE* file = nullptr;
  std::string block;  // of the file; what zlib has not taken is at z.next_in
  z_stream z{};
  bool is_gzip = false, inside = false;  // of a member
  bool padded = false;                   // zeros have been seen after one

  ~Stream() {
    if (is_gzip) inflateEnd(&z);
    if (file) std::fclose(file);
  }
  // False at the end of the file.
  bool read_block() {
    block.resize(kBlockBytes);
    z.avail_in = static_cast<uInt>(std::fread(block.data(), 1, kBlockBytes, file));
    z.next_in = reinterpret_cast<Bytef*>(block.data());
    return z.avail_in > 0;
  }
};

InputFile::InputFile(const std::filesystem::path& path)
    : stream_(std::make_unique<Stream>()), name_(path.string()) {
  size_of_file(path);  // input_error where it is none
  Stream& s = *stream_;
  s.file = std::fopen(path.c_str(), "rb");
  if (!s.file) input_error("{}: cannot be opened: {}", name_, std::strerror(errno));
  s.read_block();
  check_read();
  const bool is_gzip = s.z.avail_in >= 2 && s.block.starts_with("\x1f\x8b");
  if (path.extension() == ".gz" && !is_gzip) {
    input_error("{}: is named .gz but is no gzip file; fetch the file again", name_);
  }
  if (!is_gzip) return;
  if (inflateInit2(&s.z, MAX_WBITS + 16) != Z_OK) resource_error("no memory for zlib");
  s.is_gzip = s.inside = true;
}

InputFile::~InputFile() = default;

void InputFile::check_read() const {
  if (std::ferror(stream_->file)) {
    input_error("{}: cannot be read: {}", name_, std::strerror(errno));
  }
}

bool InputFile::append_block(std::string* buffer) {
  Stream& s = *stream_;
  const std::size_t before = buffer->size();
  if (s.is_gzip) {
    buffer->resize(before + kBlockBytes);
    buffer->resize(before + inflate_block(buffer->data() + before));
  } else if (s.z.avail_in > 0 || s.read_block()) {
    buffer->append(reinterpret_cast<const char*>(s.z.next_in), s.z.avail_in);
    s.z.avail_in = 0;
  }
  check_read();
  bytes_ += buffer->size() - before;
  note_progress();
  return buffer->size() > before;
}

std::size_t InputFile::inflate_block(char* out) {
  Stream& s = *stream_;
  s.z.next_out = reinterpret_cast<Bytef*>(out);
  s.z.avail_out = kBlockBytes;
  while (s.z.avail_out > 0) {
    const std::uint64_t bytes = bytes_ + kBlockBytes - s.z.avail_out;
    if (s.z.avail_in == 0 && !s.read_block()) {
      check_read();
      if (!s.inside) break;
      input_error("{}: the gzip stream ends early after {} bytes; fetch the file again", name_,
                  bytes);
    }
    if (!s.inside && !begin_member(bytes)) continue;
    const int code = inflate(&s.z, Z_NO_FLUSH);
    s.inside = code != Z_STREAM_END;
    if (s.inside && code != Z_OK) damaged(bytes, s.z.msg ? s.z.msg : "zlib's answer is no reason");
  }
  return kBlockBytes - s.z.avail_out;
}

// After a member: another one, or zeros up to the end, which tapes and block devices leave.
bool InputFile::begin_member(std::uint64_t bytes) {
  Stream& s = *stream_;
  if (*s.z.next_in == 0x1f && !s.padded) {
    inflateReset(&s.z);
    return s.inside = true;
  }
  const std::span<const Bytef> rest(s.z.next_in, s.z.avail_in);
  if (std::any_of(rest.begin(), rest.end(), [](Bytef byte) { return byte != 0; })) {
    damaged(bytes, "what follows is no gzip");
  }
  s.padded = true;
  s.z.avail_in = 0;
  return false;
}

void InputFile::damaged(std::uint64_t bytes, const std::string& why) const {
  input_error("{}: the gzip stream is damaged after {} bytes ({}); fetch the file again", name_,
              bytes, why);
}

std::string LineReader::place() const { return fmt::format("{}:{}", file_.name(), number_); }

bool LineReader::next(std::string_view* line) {
  std::size_t searched = at_, end;
  while ((end = buffer_.find('\n', searched)) == std::string::npos) {
    searched = buffer_.size() - at_;
    buffer_.erase(0, at_);
    at_ = 0;
    if (buffer_.size() > kLargestRecordBytes) {
      input_error("{}:{}: the line has more than {} bytes; split it", file_.name(), number_ + 1,
                  kLargestRecordBytes);
    }
    if (!file_.append_block(&buffer_)) {
      if (buffer_.empty()) return false;
      end = buffer_.size();
      break;
    }
  }
  *line = std::string_view(buffer_).substr(at_, end - at_);
  at_ = std::min(end + 1, buffer_.size());
  ++number_;
  if (number_ == 1 && line->substr(0, 3) == "\xef\xbb\xbf") line->remove_prefix(3);
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  return true;
}

}  // namespace arf
