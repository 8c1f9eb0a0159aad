// Writes a safetensors file tensor by tensor, so that a model larger than memory can be written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace arf {

class SafetensorsWriter {
 public:
  struct Entry {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::uint64_t bytes = 0;
  };
  // Opens a file beside `path`, which stays as it is until finish(). Entries are sorted by name.
  // resource_error where a write fails.
  SafetensorsWriter(const std::filesystem::path& path, std::vector<Entry> entries,
                    const std::map<std::string, std::string>& metadata = {});
  ~SafetensorsWriter() = default;  // removes what is not finished

  const std::vector<Entry>& entries() const { return entries_; }  // in the order of add()
  void add(std::span<const std::byte> bytes);                     // of the next entry
  void finish();                                                  // syncs and renames

 private:
  void write(const void* data, std::size_t size);
  [[noreturn]] void fail(const char* step) const;

  // The file beside: a member, so that it is gone also where the constructor throws.
  struct Partial {
    explicit Partial(const std::filesystem::path& path) : path(path) {}
    ~Partial();
    Partial(const Partial&) = delete;
    Partial& operator=(const Partial&) = delete;
    std::filesystem::path path;
    int file = -1;
  };

  std::filesystem::path path_;
  Partial beside_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;
};

// The header of a safetensors file: its length and its JSON, padded to 8 bytes.
std::string safetensors_header(const std::vector<SafetensorsWriter::Entry>& entries,
                               const std::map<std::string, std::string>& metadata);

}  // namespace arf
