#include "data_io/input_file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace arf {
namespace {

constexpr std::size_t kBlockBytes = 256 << 10;

}  // namespace

struct InputFile::Stream {
  gzFile file = nullptr;
  ~Stream() {
    if (file) gzclose_r(file);
  }
};

InputFile::InputFile(const std::filesystem::path& path)
    : stream_(std::make_unique<Stream>()), name_(path.string()) {
  if (std::filesystem::is_directory(path))
    input_error("{}: is a directory where a file is needed", name_);
  errno = 0;
  stream_->file = gzopen(path.c_str(), "rb");
  if (!stream_->file) {
    input_error("{}: cannot be opened: {}", name_, errno ? std::strerror(errno) : "out of memory");
  }
  gzbuffer(stream_->file, kBlockBytes);
  if (path.extension() == ".gz" && gzdirect(stream_->file)) {
    input_error("{}: is named .gz but is no gzip file; fetch the file again", name_);
  }
}

InputFile::~InputFile() = default;

bool InputFile::append_block(std::string* buffer) {
  const std::size_t before = buffer->size();
  buffer->resize(before + kBlockBytes);
  const int got = gzread(stream_->file, buffer->data() + before, kBlockBytes);
  buffer->resize(before + static_cast<std::size_t>(std::max(got, 0)));
  bytes_ += static_cast<std::uint64_t>(std::max(got, 0));
  int code = Z_OK;
  const std::string why = gzerror(stream_->file, &code);
  // zlib hands out what it has of a cut stream and reports the cut beside it.
  if (code == Z_BUF_ERROR) {
    input_error("{}: the gzip stream ends early after {} bytes; fetch the file again", name_,
                bytes_);
  }
  if (code == Z_ERRNO) input_error("{}: cannot be read: {}", name_, std::strerror(errno));
  if (got < 0) {
    input_error("{}: the gzip stream is damaged after {} bytes ({}); fetch the file again", name_,
                bytes_, why);
  }
  return got > 0;
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
