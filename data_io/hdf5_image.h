// HDF5 files as images in memory: HDF5 never touches the disk, so that a full disk is seen by our
// own write(). The library writes; it is not safe on files from elsewhere, so they are read without
// it (hdf5_columns.h). Calls into HDF5 are serialised inside: it need not be the thread-safe one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data_io/hdf5_chunk.h"
#include "data_io/hdf5_columns.h"

namespace arf {

// One-column-a-dataset file in HDF5's earliest format: chunked, shuffled, deflated, Fletcher32. A
// column of equal elements is its dataset's fill value and has no chunks, as far as a reader
// believes such claims (kMostFilledBytes). Equal columns give equal bytes on processors of one kind
// (object times are off).
class Hdf5ImageWriter {
 public:
  explicit Hdf5ImageWriter(bool compress);
  ~Hdf5ImageWriter();
  Hdf5ImageWriter(const Hdf5ImageWriter&) = delete;
  Hdf5ImageWriter& operator=(const Hdf5ImageWriter&) = delete;

  void group(const std::string& name);
  void add(const std::string& name, std::span<const std::uint8_t> values);
  void add(const std::string& name, std::span<const std::uint32_t> values);
  void add(const std::string& name, std::span<const std::uint64_t> values);
  void add(const std::string& name, std::string_view bytes);
  // [values.size() / columns, columns] float32
  void add(const std::string& name, std::span<const float> values, std::uint64_t columns);
  std::string bytes();  // ends the file

 private:
  void write(const std::string& name, std::int64_t type, const void* data, std::uint64_t rows,
             std::uint64_t columns);
  void write_chunks(std::int64_t set, const std::string& name, std::span<const std::uint8_t> bytes,
                    std::uint64_t chunk_bytes, std::uint64_t row_bytes,
                    std::uint64_t element_bytes);
  std::int64_t file_ = -1;
  bool compress_;
  std::uint64_t filled_left_ = kMostFilledBytes;
  ChunkEncoder encoder_;
};

// Reads what the writer made, on any thread. `what` names the file in errors; every failure is an
// input_error with it. The image must outlive the reader.
class Hdf5ImageReader {
 public:
  Hdf5ImageReader(std::string_view image, std::string what);

  std::uint64_t decoded_bytes() const;  // of all columns, as they say themselves
  std::vector<std::uint8_t> bytes(const std::string& name) const;
  std::vector<std::uint32_t> lengths(const std::string& name) const;
  std::vector<std::uint64_t> numbers(const std::string& name) const;
  std::string text(const std::string& name) const;
  std::vector<float> floats(const std::string& name, std::uint64_t columns) const;  // row-major

 private:
  template <typename Values>
  Values read(const std::string& name, Hdf5Type type, std::uint64_t columns) const;
  const Hdf5Column& column(const std::string& name, Hdf5Type type, std::uint64_t columns) const;
  std::string what_;
  std::map<std::string, Hdf5Column> columns_;
};

std::string hdf5_version();  // of the library that is loaded, say "1.10.8"

}  // namespace arf
