// HDF5's filters shuffle, gzip and Fletcher32 on one chunk, made here because HDF5's own gzip took
// 40 % of an import's time, and undone here because HDF5 is not safe on files from elsewhere. HDF5
// reads the result with its own filters and checks its checksum.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace arf {

// A chunk as it lies in the file. `skipped` has a bit for each filter of the dataset that was left
// out (H5Dwrite_chunk's filter mask): gzip, where it does not make the chunk smaller.
struct EncodedChunk {
  std::string bytes;
  std::uint32_t skipped = 0;
};

class ChunkEncoder {
 public:
  explicit ChunkEncoder(bool compress);
  ~ChunkEncoder();
  ChunkEncoder(const ChunkEncoder&) = delete;
  ChunkEncoder& operator=(const ChunkEncoder&) = delete;

  // The filters in HDF5's order: shuffle where `element_bytes` > 1, gzip where it is
  // asked for, Fletcher32. What is returned holds until the next call.
  const EncodedChunk& encode(std::span<const std::uint8_t> chunk, std::uint64_t element_bytes);

 private:
  std::size_t compress(std::span<const std::uint8_t> from);  // 0: no smaller than before

  struct Compressor;
  std::unique_ptr<Compressor> compressor_;  // none: no gzip
  std::string shuffled_;
  EncodedChunk chunk_;
};

// Undoes them: exactly `chunk` is filled from `stored`, made with these filters but for those
// `skipped`. False where the checksum differs, or the bytes do not make up the chunk.
bool decode_chunk(std::span<const std::uint8_t> stored, std::uint32_t skipped, bool is_compressed,
                  std::uint64_t element_bytes, std::span<std::uint8_t> chunk);

// Of ISA-L's 0 to 3. What its levels 1 and 2 make depends on where their tables lie in memory: one
// chunk in a thousand came out otherwise (libisal 2.30). The file names the level.
inline constexpr int kCompressionLevel = 3;

// Fletcher's checksum with 32 bits as HDF5 has it: over 16-bit words whose first byte is the high
// one, an odd last byte being the high one of a word.
std::uint32_t fletcher32(std::span<const std::uint8_t> bytes);

}  // namespace arf
