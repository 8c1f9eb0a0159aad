#include "data_io/hdf5_image.h"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "core/error.h"

namespace arf {
namespace {

static_assert(sizeof(hid_t) == sizeof(std::int64_t));

constexpr std::size_t kImageGrowth = 4 << 20;

std::recursive_mutex& hdf5_lock() {
  static std::recursive_mutex lock;
  return lock;
}
using Lock = std::lock_guard<std::recursive_mutex>;

// HDF5's error stack says nothing to a user; our sentence takes its place.
void be_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }
  bool ok() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// HDF5 takes open files of one name for one file. Names are not kept in the image.
std::string unused_name() {
  static std::uint64_t images = 0;  // under hdf5_lock()
  return fmt::format("arf-image-in-memory-{}", images++);
}

// Whether all elements are the same, byte for byte (NaN is equal to itself here).
bool is_constant(std::span<const std::uint8_t> bytes, std::uint64_t element_bytes) {
  return bytes.size() <= element_bytes ||
         std::equal(bytes.begin() + static_cast<long>(element_bytes), bytes.end(), bytes.begin());
}

hid_t memory_file_access() {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, kImageGrowth, false);
  H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  return access;
}

}  // namespace

Hdf5ImageWriter::Hdf5ImageWriter(bool compress) : compress_(compress), encoder_(compress) {
  const Lock lock(hdf5_lock());
  be_quiet();
  const Handle access(memory_file_access(), H5Pclose);
  file_ = H5Fcreate(unused_name().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  ARF_CHECK(file_ >= 0, "HDF5 cannot make a file in memory");
}

Hdf5ImageWriter::~Hdf5ImageWriter() {
  const Lock lock(hdf5_lock());
  if (file_ >= 0) H5Fclose(file_);
}

void Hdf5ImageWriter::group(const std::string& name) {
  const Lock lock(hdf5_lock());
  const Handle group(H5Gcreate2(file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                     H5Gclose);
  ARF_CHECK(group.ok(), "HDF5 cannot make group {}", name);
}

void Hdf5ImageWriter::add(const std::string& name, std::span<const std::uint8_t> values) {
  write(name, H5T_STD_U8LE, values.data(), values.size(), 1);
}
void Hdf5ImageWriter::add(const std::string& name, std::span<const std::uint32_t> values) {
  write(name, H5T_STD_U32LE, values.data(), values.size(), 1);
}
void Hdf5ImageWriter::add(const std::string& name, std::span<const std::uint64_t> values) {
  write(name, H5T_STD_U64LE, values.data(), values.size(), 1);
}
void Hdf5ImageWriter::add(const std::string& name, std::string_view bytes) {
  write(name, H5T_STD_U8LE, bytes.data(), bytes.size(), 1);
}
void Hdf5ImageWriter::add(const std::string& name, std::span<const float> values,
                          std::uint64_t columns) {
  ARF_CHECK(values.size() % columns == 0, "{}: {} values in {} columns", name, values.size(),
            columns);
  write(name, H5T_IEEE_F32LE, values.data(), values.size() / columns, columns);
}

void Hdf5ImageWriter::write(const std::string& name, std::int64_t type, const void* data,
                            std::uint64_t rows, std::uint64_t columns) {
  const Lock lock(hdf5_lock());
  be_quiet();
  const std::uint64_t element_bytes = H5Tget_size(type), row_bytes = element_bytes * columns;
  const std::span bytes(static_cast<const std::uint8_t*>(data), rows * row_bytes);
  const hsize_t shape[2] = {rows, columns};
  const int rank = columns == 1 ? 1 : 2;
  const hsize_t chunk_rows =
      std::min(rows, std::max<std::uint64_t>(1, kMostChunkBytes / row_bytes));
  const bool constant = bytes.size() <= filled_left_ && is_constant(bytes, element_bytes);
  if (constant) filled_left_ -= bytes.size();
  const Handle space(H5Screate_simple(rank, shape, nullptr), H5Sclose);
  const Handle plan(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(plan, false);
  if (rows > 0) {  // an empty dataset cannot be chunked
    const hsize_t chunk[2] = {chunk_rows, columns};
    H5Pset_chunk(plan, rank, chunk);
    if (element_bytes > 1) H5Pset_shuffle(plan);
    if (compress_) H5Pset_deflate(plan, kCompressionLevel);
    H5Pset_fletcher32(plan);
    if (constant) H5Pset_fill_value(plan, type, data);
  }
  const Handle set(H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, plan, H5P_DEFAULT),
                   H5Dclose);
  ARF_CHECK(set.ok(), "HDF5 cannot make dataset {}", name);
  if (!constant) write_chunks(set, name, bytes, chunk_rows * row_bytes, row_bytes, element_bytes);
}

void Hdf5ImageWriter::write_chunks(std::int64_t set, const std::string& name,
                                   std::span<const std::uint8_t> bytes, std::uint64_t chunk_bytes,
                                   std::uint64_t row_bytes, std::uint64_t element_bytes) {
  std::vector<std::uint8_t> last;  // a chunk is whole also where the column ends in it
  for (std::uint64_t at = 0; at < bytes.size(); at += chunk_bytes) {
    auto chunk = bytes.subspan(at, std::min(chunk_bytes, bytes.size() - at));
    if (chunk.size() < chunk_bytes) {
      last.assign(chunk.begin(), chunk.end());
      last.resize(chunk_bytes);
      chunk = last;
    }
    const EncodedChunk& encoded = encoder_.encode(chunk, element_bytes);
    const hsize_t place[2] = {at / row_bytes, 0};
    if (H5Dwrite_chunk(set, H5P_DEFAULT, encoded.skipped, place, encoded.bytes.size(),
                       encoded.bytes.data()) < 0) {
      resource_error("column {} of {} bytes does not fit into memory; use smaller shards", name,
                     bytes.size());
    }
  }
}

std::string Hdf5ImageWriter::bytes() {
  const Lock lock(hdf5_lock());
  ARF_CHECK(H5Fflush(file_, H5F_SCOPE_GLOBAL) >= 0, "HDF5 cannot flush a file in memory");
  const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  ARF_CHECK(size > 0, "HDF5 has no image of a file in memory");
  std::string image(static_cast<std::size_t>(size), '\0');
  ARF_CHECK(H5Fget_file_image(file_, image.data(), image.size()) == size, "HDF5 image changed");
  H5Fclose(file_);
  file_ = -1;
  return image;
}

Hdf5ImageReader::Hdf5ImageReader(std::string_view image, std::string what)
    : what_(std::move(what)), columns_(hdf5_columns(image, what_)) {}

const Hdf5Column& Hdf5ImageReader::column(const std::string& name, Hdf5Type type,
                                          std::uint64_t columns) const {
  const auto found = columns_.find(name);
  if (found == columns_.end()) {
    input_error("{}: dataset `{}` is missing; make it again", what_, name);
  }
  const Hdf5Column& column = found->second;
  if (column.type != type) {
    input_error("{}: dataset `{}` has an unexpected type; make it again", what_, name);
  }
  const std::size_t rank = columns == 1 ? 1 : 2;
  if (column.shape.size() != rank || (rank == 2 && column.shape[1] != columns)) {
    input_error("{}: dataset `{}` has an unexpected shape; make it again", what_, name);
  }
  return column;
}

std::uint64_t Hdf5ImageReader::decoded_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, column] : columns_) {
    if (column.type == Hdf5Type::kOther) continue;  // is never decoded, and may say anything
    const std::uint64_t columns = column.shape.size() == 2 ? column.shape[1] : 1;
    bytes += column.shape[0] * columns * column.element_bytes;
  }
  return bytes;
}

template <typename Values>
Values Hdf5ImageReader::read(const std::string& name, Hdf5Type type, std::uint64_t columns) const {
  using Value = typename Values::value_type;
  const Hdf5Column& from = column(name, type, columns);
  Value fill{};
  if (!from.fill.empty()) std::memcpy(&fill, from.fill.data(), sizeof fill);
  Values values(from.shape[0] * columns, fill);
  std::span<std::uint8_t> rest(reinterpret_cast<std::uint8_t*>(values.data()),
                               values.size() * sizeof(Value));
  std::vector<std::uint8_t> chunk(from.chunks.empty() ? 0
                                                      : from.chunk_rows * columns * sizeof(Value));
  for (const Hdf5Chunk& stored : from.chunks) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(stored.stored.data());
    if (!decode_chunk({begin, stored.stored.size()}, stored.skipped, from.is_compressed,
                      sizeof(Value), chunk)) {
      input_error("{}: dataset `{}` is damaged (its checksum differs); make it again", what_, name);
    }
    const std::size_t taken = std::min(chunk.size(), rest.size());
    std::copy_n(chunk.begin(), taken, rest.begin());
    rest = rest.subspan(taken);
  }
  return values;
}

std::vector<std::uint8_t> Hdf5ImageReader::bytes(const std::string& name) const {
  return read<std::vector<std::uint8_t>>(name, Hdf5Type::kU8, 1);
}
std::vector<std::uint32_t> Hdf5ImageReader::lengths(const std::string& name) const {
  return read<std::vector<std::uint32_t>>(name, Hdf5Type::kU32, 1);
}
std::vector<std::uint64_t> Hdf5ImageReader::numbers(const std::string& name) const {
  return read<std::vector<std::uint64_t>>(name, Hdf5Type::kU64, 1);
}
std::string Hdf5ImageReader::text(const std::string& name) const {
  return read<std::string>(name, Hdf5Type::kU8, 1);
}
std::vector<float> Hdf5ImageReader::floats(const std::string& name, std::uint64_t columns) const {
  return read<std::vector<float>>(name, Hdf5Type::kF32, columns);
}

std::string hdf5_version() {
  const Lock lock(hdf5_lock());
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace arf
