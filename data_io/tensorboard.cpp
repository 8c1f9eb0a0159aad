#include "data_io/tensorboard.h"

#include <array>
#include <bit>

#include "core/clock.h"

namespace arf {
namespace {

std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82F63B78u : 0u);
    table[i] = crc;
  }
  return table;
}

template <typename Integer>
void put_little_endian(std::string* out, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out->push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  }
}

// The mask keeps the CRC of data that holds CRCs from being degenerate.
void put_masked_crc(std::string* out, std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  put_little_endian<std::uint32_t>(out, ((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

// The wire format of protocol buffers: a key of (field << 3 | type), then the value.
enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void put_varint(std::string* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>((value & 0x7f) | 0x80));
  out->push_back(static_cast<char>(value));
}

void put_key(std::string* out, std::uint32_t field, WireType type) {
  put_varint(out, (field << 3) | type);
}

void put_bytes(std::string* out, std::uint32_t field, std::string_view bytes) {
  put_key(out, field, kBytes);
  put_varint(out, bytes.size());
  out->append(bytes);
}

// Event: 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary (Summary).
std::string event_start(double wall_time) {
  std::string event;
  put_key(&event, 1, kFixed64);
  put_little_endian(&event, std::bit_cast<std::uint64_t>(wall_time));
  return event;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = make_crc_table();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ table[(crc ^ static_cast<std::uint8_t>(byte)) & 0xff];
  return ~crc;
}

std::string tensorboard_record(std::string_view data) {
  std::string length;
  put_little_endian<std::uint64_t>(&length, data.size());
  std::string record = length;
  put_masked_crc(&record, length);
  record.append(data);
  put_masked_crc(&record, data);
  return record;
}

TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& path, std::uint64_t keep_bytes)
    : file_(path, keep_bytes, Records::kSized) {
  if (keep_bytes > 0) return;
  std::string event = event_start(wall_seconds());
  put_bytes(&event, 3, "brain.Event:2");
  write(event);
}

void TensorBoardWriter::scalars(std::int64_t step, double wall_time,
                                const std::vector<std::pair<std::string, float>>& values) {
  std::string summary;  // 1 value (Value, repeated); Value: 1 tag (string), 2 simple_value (float)
  for (const auto& [tag, value] : values) {
    std::string item;
    put_bytes(&item, 1, tag);
    put_key(&item, 2, kFixed32);
    put_little_endian(&item, std::bit_cast<std::uint32_t>(value));
    put_bytes(&summary, 1, item);
  }
  std::string event = event_start(wall_time);
  put_key(&event, 2, kVarint);
  put_varint(&event, static_cast<std::uint64_t>(step));
  put_bytes(&event, 5, summary);
  write(event);
}

void TensorBoardWriter::write(std::string_view event) { file_.add(tensorboard_record(event)); }

}  // namespace arf
