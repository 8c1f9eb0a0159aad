// TensorBoard event files: records of protobuf Event messages with scalar summaries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data_io/append_file.h"

namespace arf {

// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78). "123456789" -> 0xE3069283.
std::uint32_t crc32c(std::string_view bytes);

// The framing of a record: u64 length, masked CRC of it, the data, masked CRC of them.
std::string tensorboard_record(std::string_view data);

class TensorBoardWriter {
 public:
  // A new file, or, with `keep_bytes` > 0 (an offset() of an earlier writer), that file cut there
  // and continued: what was written after a checkpoint is written again by the resumed run.
  // input_error where the file is shorter; resource_error where it cannot be written.
  explicit TensorBoardWriter(const std::filesystem::path& path, std::uint64_t keep_bytes = 0);

  // One event with a value per tag. wall_time in seconds since 1970.
  void scalars(std::int64_t step, double wall_time,
               const std::vector<std::pair<std::string, float>>& values);
  // Bytes written; all of them are with the system.
  std::uint64_t offset() const { return file_.bytes(); }
  void sync() const { file_.sync(); }

 private:
  void write(std::string_view event);
  AppendFile file_;
};

}  // namespace arf
