// One shard of a corpus: rows as columns, and the HDF5 file they become (FORMAT.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/dialogue.h"

namespace arf {

// The number of the layout, in index.json and in every shard; another one is refused.
inline constexpr std::uint64_t kCorpusFormat = 2;

// Strings end to end: string i is bytes[offsets[i], offsets[i + 1]).
struct TextColumn {
  std::vector<std::uint64_t> offsets{0};
  std::string bytes;
  void push(std::string_view text) {
    bytes += text;
    offsets.push_back(bytes.size());
  }
  std::uint64_t size(std::uint64_t i) const { return offsets[i + 1] - offsets[i]; }
  std::string at(std::uint64_t i) const;
};

// Of a shard's columns in memory: a writer's have 64 MiB and a row. A crafted file of some MB would
// take GB.
inline constexpr std::uint64_t kMostShardBytes = 1ull << 30;

class Shard {
 public:
  void add(const Dialogue& dialogue);   // must have passed check_dialogue
  Dialogue row(std::uint64_t i) const;  // 0 <= i < rows()
  std::uint64_t rows() const { return first_turn_.size() - 1; }
  std::uint64_t turns() const { return role_.size(); }
  std::uint64_t bytes() const;  // of all columns in memory
  void clear();                 // no rows; keeps the memory for the next ones

  std::string encode(bool compress) const;
  // input_error, which begins with `what`, where sizes, offsets, scores or UTF-8 do not hold, or
  // the columns have more than `most_bytes` together, as they say before the first is decoded.
  static Shard decode(std::string_view image, const std::string& what,
                      std::uint64_t most_bytes = kMostShardBytes);
  // That a file of so many bytes can have, whatever it says.
  static std::uint64_t most_rows(std::uint64_t image_bytes);

 private:
  void check(const std::string& what) const;
  // visit(column, size when the shard has no rows) of every vector of `self`.
  template <typename Self, typename Visit>
  static void for_each_column(Self& self, const Visit& visit);

  TextColumn id_, source_, task_, system_, file_, parent_, augmentation_, rejected_;
  std::vector<std::uint64_t> first_turn_{0};  // [rows + 1]
  std::vector<std::uint8_t> has_rejected_;    // [rows]
  std::vector<float> rejected_score_;         // [rows, 3], NaN where there is none
  std::vector<std::uint64_t> file_row_, random_key_;
  std::vector<std::uint8_t> role_;  // [turns]
  TextColumn text_;
  std::vector<float> score_;                     // [turns, 3], NaN where there is none
  std::vector<std::uint64_t> first_history_{0};  // [turns + 1]
  std::vector<float> history_;                   // [entries, 3]
};

}  // namespace arf
