// Content hashes: SHA-256 for what a user compares, XXH3-64 for keys and checksums on hot paths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace arf {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256& update(const void* data, std::size_t size_bytes);
  Sha256& update(std::string_view text) { return update(text.data(), text.size()); }
  std::string hex();  // 64 hexadecimal digits; ends the hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);  // input_error as read_file
std::uint64_t xxh3(std::string_view bytes);
std::uint64_t xxh3(std::span<const std::byte> bytes);
std::uint64_t xxh3(std::span<const float> values);  // of their bits

}  // namespace arf
