// The one form in which records travel between ranks: little-endian numbers, lengths as u64 before
// what they count, structs field by field in the order of their headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records/rollout.h"

namespace arf {

class WireWriter {
 public:
  void number(std::uint64_t value);
  void real(double value);
  void text(const std::string& value);
  void ints(const std::vector<std::int32_t>& values);
  void floats(const std::vector<float>& values);
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size_bytes);
  std::vector<std::byte> bytes_;
};

// A message of one unit: where it belongs, and its records as they are packed.
struct UnitMessage {
  std::int64_t iteration = 0;
  std::uint32_t unit = 0;
  std::vector<std::byte> records;
};
std::vector<std::byte> pack_unit(UnitMessage message);
UnitMessage unpack_unit(std::vector<std::byte> bytes);

// Every read checks what is left; a message that ends early or late is a defect, since both sides
// are the same program.
class WireReader {
 public:
  explicit WireReader(const std::vector<std::byte>& bytes) : bytes_(bytes) {}
  std::uint64_t number();
  double real();
  std::string text();
  std::vector<std::int32_t> ints();
  std::vector<float> floats();
  void expect_end() const;

 private:
  const std::byte* raw(std::size_t size_bytes);
  std::size_t count(std::size_t element_bytes);  // a length that the rest of the message can hold
  const std::vector<std::byte>& bytes_;
  std::size_t at_ = 0;
};

std::vector<std::byte> pack_rollouts(const std::vector<Rollout>& rollouts);
std::vector<Rollout> unpack_rollouts(const std::vector<std::byte>& bytes);
std::vector<std::byte> pack_scored_rollouts(const std::vector<ScoredRollout>& rollouts);
std::vector<ScoredRollout> unpack_scored_rollouts(const std::vector<std::byte>& bytes);

}  // namespace arf
