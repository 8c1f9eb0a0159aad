// The one form in which records travel between ranks: little-endian numbers, lengths as u64 before
// what they count, structs field by field in the order of their headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records/feedback.h"
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

// A message of one unit: where it belongs, its records as they are packed, and of rewards who gave
// them.
struct UnitMessage {
  std::int64_t iteration = 0;
  std::uint32_t unit = 0;
  std::vector<std::byte> records;
  ScorerVersion scorer{};
};
std::vector<std::byte> pack_unit(UnitMessage message);  // with a hash of all of it
UnitMessage unpack_unit(std::vector<std::byte> bytes);  // lost_error: not the bits that were packed

// Where bytes come from: a rank, which is the same program, so that what is wrong with them is a
// defect; or a file, which anything may have written (input_error).
enum class WireSource { kRank, kFile };

// Every read checks what is left; a message that ends early or late is wrong.
class WireReader {
 public:
  explicit WireReader(const std::vector<std::byte>& bytes, WireSource source = WireSource::kRank)
      : bytes_(bytes), source_(source) {}
  std::uint64_t number();
  double real();
  std::string text();
  std::vector<std::int32_t> ints();
  std::vector<float> floats();
  void expect_end() const;
  void require(bool holds, const char* what) const;

 private:
  const std::byte* raw(std::size_t size_bytes);
  std::size_t count(std::size_t element_bytes);  // a length that the rest of the message can hold
  const std::vector<std::byte>& bytes_;
  WireSource source_;
  std::size_t at_ = 0;
};

std::vector<std::byte> pack_rollouts(const std::vector<Rollout>& rollouts);
// Every token of a reply has its log-prob in what is returned.
std::vector<Rollout> unpack_rollouts(const std::vector<std::byte>& bytes,
                                     WireSource source = WireSource::kRank);
std::vector<std::byte> pack_scored_rollouts(const std::vector<ScoredRollout>& rollouts);
std::vector<ScoredRollout> unpack_scored_rollouts(const std::vector<std::byte>& bytes);
std::vector<std::byte> pack_feedback(const std::vector<Feedback>& messages);
std::vector<Feedback> unpack_feedback(const std::vector<std::byte>& bytes);

}  // namespace arf
