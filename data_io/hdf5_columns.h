// Where the columns of an HDF5 image lie. Images come from strangers, and HDF5's library is not
// safe on a crafted file: a chunk that says it is shorter than its checksum ends the process. So
// the library never reads: what Hdf5ImageWriter writes is little, and all of it is checked here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace arf {

// Types of elements, as the message of a dataset's header has them: U8 .. U64 little-endian, IEEE
// F32.
enum class Hdf5Type { kU8, kU32, kU64, kF32, kOther };

struct Hdf5Chunk {
  std::string_view stored;    // as it lies in the image
  std::uint32_t skipped = 0;  // a bit for each of the column's filters that was left out
};

struct Hdf5Column {
  Hdf5Type type = Hdf5Type::kOther;
  std::vector<std::uint64_t> shape;  // of one or two numbers, [rows, columns]
  std::uint64_t element_bytes = 0;
  bool is_compressed = false;
  std::uint64_t chunk_rows = 0;
  std::vector<Hdf5Chunk> chunks;  // of chunk_rows rows each, the last one also where it has fewer
  std::string_view fill;          // without chunks: every element; empty: zeros
};

// What columns without chunks may claim to hold together: they take no room in the image, so that
// the claim is believed up to here. A writer stores chunks beyond it.
inline constexpr std::uint64_t kMostFilledBytes = 64 << 20;
inline constexpr std::uint64_t kLargestRatio = 1100;       // deflate shrinks at most 1032 times
inline constexpr std::uint64_t kMostChunkBytes = 1 << 18;  // of a chunk's rows in memory

// By name ("rows/id/bytes"). They hold no more than kMostFilledBytes and what the chunks, of which
// none is counted twice, can unpack to. input_error, which begins with `what`: anything else than
// the writer makes. The image must outlive what is returned.
std::map<std::string, Hdf5Column> hdf5_columns(std::string_view image, const std::string& what);

}  // namespace arf
