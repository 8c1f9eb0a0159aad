#include "core/philox.h"

#include <cmath>
#include <numbers>

namespace arf {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> k) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = kMultiplier0 * c[0], p1 = kMultiplier1 * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
    k[0] += kWeyl0;
    k[1] += kWeyl1;
  }
  return c;
}

std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t unit,
                           std::uint32_t sample) {
  // The purpose goes into the key so that streams of two purposes are unrelated even where their
  // units and samples coincide.
  const std::uint64_t key = mix64(seed ^ mix64(static_cast<std::uint64_t>(purpose)));
  key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  counter_ = {static_cast<std::uint32_t>(unit), static_cast<std::uint32_t>(unit >> 32), sample};
}

std::array<std::uint32_t, 4> RandomStream::block(std::uint32_t index) const {
  return philox4x32({index, counter_[0], counter_[1], counter_[2]}, key_);
}

std::uint32_t RandomStream::bits(std::uint32_t index) const { return block(index)[0]; }

double RandomStream::uniform(std::uint32_t index) const {
  const auto b = block(index);
  const std::uint64_t mantissa = ((static_cast<std::uint64_t>(b[0]) << 32) | b[1]) >> 11;
  return static_cast<double>(mantissa) * 0x1.0p-53;
}

double RandomStream::normal(std::uint32_t index) const {
  const auto b = block(index);
  const double u = (static_cast<double>(b[0]) + 0.5) * 0x1.0p-32;
  const double v = (static_cast<double>(b[1]) + 0.5) * 0x1.0p-32;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint32_t RandomStream::below(std::uint32_t index, std::uint32_t limit) const {
  // The bias of a 64-bit product is below 2^-32: not visible in any use here.
  const auto b = block(index);
  const std::uint64_t wide = (static_cast<std::uint64_t>(b[0]) << 32) | b[1];
  return static_cast<std::uint32_t>((static_cast<unsigned __int128>(wide) * limit) >> 64);
}

}  // namespace arf
