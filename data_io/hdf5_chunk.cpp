#include "data_io/hdf5_chunk.h"

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <vector>

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

void unshuffle(std::span<const std::uint8_t> shuffled, std::uint64_t element_bytes,
               std::span<std::uint8_t> chunk) {
  const std::uint64_t elements = chunk.size() / element_bytes;
  for (std::uint64_t b = 0; b < element_bytes; ++b) {
    const std::uint8_t* plane = shuffled.data() + b * elements;
    for (std::uint64_t i = 0; i < elements; ++i) chunk[i * element_bytes + b] = plane[i];
  }
}

// gzip's bit among those of the filters that were left out: it stands behind shuffle.
std::uint32_t gzip_bit(std::uint64_t element_bytes) {
  return element_bytes > 1 ? 1u << 1 : 1u << 0;
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

struct ChunkEncoder::Compressor {
  isal_zstream stream;
  std::uint8_t tables[ISAL_DEF_LVL3_DEFAULT];
};

ChunkEncoder::ChunkEncoder(bool compress)
    : compressor_(compress ? std::make_unique<Compressor>() : nullptr) {}

ChunkEncoder::~ChunkEncoder() = default;

std::size_t ChunkEncoder::compress(std::span<const std::uint8_t> from) {
  // Nothing of the chunk before is left to be found in this one.
  std::memset(compressor_.get(), 0, sizeof *compressor_);
  isal_zstream& stream = compressor_->stream;
  isal_deflate_stateless_init(&stream);
  stream.level = kCompressionLevel;
  stream.level_buf = compressor_->tables;
  stream.level_buf_size = sizeof compressor_->tables;
  stream.gzip_flag = IGZIP_ZLIB;
  stream.flush = NO_FLUSH;
  stream.end_of_stream = 1;
  stream.next_in = const_cast<std::uint8_t*>(from.data());  // its interface is not const
  stream.avail_in = static_cast<std::uint32_t>(from.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(chunk_.bytes.data());
  stream.avail_out = static_cast<std::uint32_t>(chunk_.bytes.size());
  const int result = isal_deflate_stateless(&stream);
  if (result == STATELESS_OVERFLOW) return 0;
  ARF_CHECK(result == COMP_OK, "ISA-L answers {} to {} bytes", result, from.size());
  return stream.total_out;
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
    size = compress(chunk);
    if (size == 0) chunk_.skipped = gzip_bit(element_bytes);
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

bool decode_chunk(std::span<const std::uint8_t> stored, std::uint32_t skipped, bool is_compressed,
                  std::uint64_t element_bytes, std::span<std::uint8_t> chunk) {
  std::uint32_t sum = 0;
  if (stored.size() < sizeof sum || element_bytes == 0 || chunk.size() % element_bytes != 0) {
    return false;
  }
  std::memcpy(&sum, stored.data() + stored.size() - sizeof sum, sizeof sum);
  stored = stored.first(stored.size() - sizeof sum);
  if (fletcher32(stored) != sum) return false;
  if (skipped != 0 && (!is_compressed || skipped != gzip_bit(element_bytes))) return false;
  std::vector<std::uint8_t> shuffled;
  if (is_compressed && skipped == 0) {
    shuffled.resize(chunk.size());
    uLongf size = shuffled.size();
    if (::uncompress(shuffled.data(), &size, stored.data(), stored.size()) != Z_OK) return false;
    stored = {shuffled.data(), size};
  }
  if (stored.size() != chunk.size()) return false;
  unshuffle(stored, element_bytes, chunk);
  return true;
}

}  // namespace arf
