// The rows that `arf label` has to score, in pieces: what one rank takes at a time, and what is on
// the disk of a run that was killed. They depend on the corpus alone, not on who works.
#pragma once

#include <cstdint>
#include <vector>

#include "data_io/shard_file.h"

namespace arf {

class LabelPieces {
 public:
  static constexpr std::uint64_t kRows = 1024;  // of a piece, at most

  // Rows from `first_row` on of a corpus with these shards. A piece's rows are of one shard, and
  // begin a multiple of kRows behind its first, or at first_row.
  LabelPieces(const std::vector<ShardRows>& shards, std::uint64_t first_row);

  std::uint64_t count() const { return pieces_.size(); }
  const ShardRows& rows(std::uint64_t piece) const { return pieces_.at(piece); }
  // The pieces of rows [first, first + count), which are whole ones: first piece and behind the
  // last.
  struct Range {
    std::uint64_t begin, end;
  };
  Range of_rows(const ShardRows& rows) const;

 private:
  std::vector<ShardRows> pieces_;
};

}  // namespace arf
