#include "data_io/safetensors_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"

namespace arf {

std::string safetensors_header(const std::vector<SafetensorsWriter::Entry>& entries,
                               const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& entry : entries) {
    ARF_CHECK(!header.contains(entry.name), "two tensors are called {}", entry.name);
    header[entry.name] = {{"dtype", entry.dtype},
                          {"shape", entry.shape},
                          {"data_offsets", {offset, offset + entry.bytes}}};
    offset += entry.bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the data starts at a multiple of 8
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path, std::vector<Entry> entries,
                                     const std::map<std::string, std::string>& metadata)
    : path_(path), beside_(path.string() + ".partial"), entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  ::unlink(beside_.path.c_str());  // of a killed process, or a link that leads elsewhere
  beside_.file =
      ::open(beside_.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (beside_.file < 0) fail("opening");
  const std::string header = safetensors_header(entries_, metadata);
  write(header.data(), header.size());
}

SafetensorsWriter::Partial::~Partial() {
  if (file < 0) return;
  ::close(file);
  ::unlink(path.c_str());
}

void SafetensorsWriter::fail(const char* step) const {
  resource_error("{}: {} failed: {}; free some space or name another directory", path_.string(),
                 step, std::strerror(errno));
}

void SafetensorsWriter::write(const void* data, std::size_t size) {
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t put = ::write(beside_.file, from, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("writing");
    from += put;
    size -= static_cast<std::size_t>(put);
  }
}

void SafetensorsWriter::add(std::span<const std::byte> bytes) {
  ARF_CHECK(next_ < entries_.size() && bytes.size() == entries_[next_].bytes,
            "{} bytes for entry {} of {}", bytes.size(), next_, entries_.size());
  ++next_;
  write(bytes.data(), bytes.size());
}

void SafetensorsWriter::finish() {
  ARF_CHECK(next_ == entries_.size(), "{} of {} tensors were written", next_, entries_.size());
  if (::fsync(beside_.file) != 0) fail("syncing");
  if (::rename(beside_.path.c_str(), path_.c_str()) != 0) fail("renaming");
  ::close(std::exchange(beside_.file, -1));
  sync_name(path_);
}

}  // namespace arf
