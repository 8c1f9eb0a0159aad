#include "data_io/hdf5_chunk.h"

#include <libdeflate.h>

#include <algorithm>

#include "core/error.h"

namespace arf {
namespace {

// Byte b of element i goes to place b * elements + i: equal bytes come together.
void shuffle(std::span<const std::uint8_t> chunk, std::uint64_t element_bytes, std::string* out) {
  const std::uint64_t elements = chunk.size() / element_bytes;
  out->resize(chunk.size());
  for (std::uint64_t b = 0; b < element_bytes; ++b) {
    char* plane = out->data() + b * elements;
    for (std::uint64_t i = 0; i < elements; ++i) {
      plane[i] = static_cast<char>(chunk[i * element_bytes + b]);
    }
  }
}

std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::uint32_t fletcher32(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kWords = 360;  // so many can be summed in 32 bits before they are folded
  std::uint32_t low = 0, high = 0;
  const auto fold = [](std::uint32_t sum) { return (sum & 0xffff) + (sum >> 16); };
  std::size_t at = 0;
  while (bytes.size() - at >= 2) {
    const std::size_t end = at + 2 * std::min(kWords, (bytes.size() - at) / 2);
    for (; at < end; at += 2) {
      low += static_cast<std::uint32_t>(bytes[at] << 8 | bytes[at + 1]);
      high += low;
    }
    low = fold(low);
    high = fold(high);
  }
  if (at < bytes.size()) {
    low = fold(low + static_cast<std::uint32_t>(bytes[at] << 8));
    high = fold(high + low);
  }
  return fold(high) << 16 | fold(low);
}

ChunkEncoder::ChunkEncoder(int compression) {
  if (compression == 0) return;
  compressor_ = libdeflate_alloc_compressor(compression);
  if (!compressor_) resource_error("there is no memory to compress a chunk of a shard");
}

ChunkEncoder::~ChunkEncoder() {
  if (compressor_) libdeflate_free_compressor(compressor_);
}

const EncodedChunk& ChunkEncoder::encode(std::span<const std::uint8_t> chunk,
                                         std::uint64_t element_bytes) {
  const bool shuffles = element_bytes > 1;
  if (shuffles) {
    shuffle(chunk, element_bytes, &shuffled_);
    chunk = as_bytes(shuffled_);
  }
  chunk_.skipped = 0;
  chunk_.bytes.resize(chunk.size());
  std::size_t size = 0;
  if (compressor_) {
    size = libdeflate_zlib_compress(compressor_, chunk.data(), chunk.size(), chunk_.bytes.data(),
                                    chunk_.bytes.size());
    if (size == 0) chunk_.skipped = shuffles ? 1u << 1 : 1u << 0;
  }
  if (size == 0) {
    chunk_.bytes.assign(chunk.begin(), chunk.end());
  } else {
    chunk_.bytes.resize(size);
  }
  const std::uint32_t sum = fletcher32(as_bytes(chunk_.bytes));
  for (int i = 0; i < 4; ++i) chunk_.bytes += static_cast<char>(sum >> (8 * i));
  return chunk_;
}

}  // namespace arf
