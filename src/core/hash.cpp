#include "core/hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <algorithm>
#include <vector>

#include "core/activity.h"
#include "core/error.h"
#include "core/file_reader.h"

namespace arf {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  ARF_CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1, "SHA-256 init");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(const void* data, std::size_t size_bytes) {
  constexpr std::size_t kBlock = 16 << 20;  // of some hundredths of a second
  const auto* const bytes = static_cast<const char*>(data);
  for (std::size_t at = 0; at < size_bytes; at += kBlock) {
    const std::size_t size = std::min(size_bytes - at, kBlock);
    ARF_CHECK(EVP_DigestUpdate(state_->context, bytes + at, size) == 1, "SHA-256 update");
    note_progress();
  }
  return *this;
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  ARF_CHECK(EVP_DigestFinal_ex(state_->context, digest, &length) == 1, "SHA-256 final");
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string sha256_hex(std::string_view bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_of_file(const std::filesystem::path& path) {
  FileReader file(path);
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  while (const std::size_t got = file.read(buffer.data(), buffer.size())) {
    hash.update(buffer.data(), got);
  }
  return hash.hex();
}

std::uint64_t xxh3(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }
std::uint64_t xxh3(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}
std::uint64_t xxh3(std::span<const float> values) {
  return XXH3_64bits(values.data(), values.size_bytes());
}

}  // namespace arf
