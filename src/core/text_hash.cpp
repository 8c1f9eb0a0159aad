#include "core/text_hash.h"

#include <xxhash.h>

#include <random>

namespace arf {
namespace {

std::uint64_t draw_salt() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

std::uint64_t process_salt() {
  static const std::uint64_t salt = draw_salt();
  return salt;
}

std::size_t TextHash::operator()(std::string_view text) const {
  return XXH3_64bits_withSeed(text.data(), text.size(), process_salt());
}

}  // namespace arf
