#include "scoring/label_pieces.h"

#include <algorithm>

namespace arf {

LabelPieces::LabelPieces(const std::vector<ShardRows>& shards, std::uint64_t first_row) {
  for (const auto& [first, count] : shards) {
    const std::uint64_t end = first + count;
    for (std::uint64_t begin = first; begin < end; begin += kRows) {
      const std::uint64_t from = std::max(begin, first_row), to = std::min(end, begin + kRows);
      if (from < to) pieces_.push_back({from, to - from});
    }
  }
}

LabelPieces::Range LabelPieces::of_rows(const ShardRows& rows) const {
  const auto at = [&](std::uint64_t row) {
    const auto found =
        std::lower_bound(pieces_.begin(), pieces_.end(), row,
                         [](const ShardRows& piece, std::uint64_t r) { return piece.first < r; });
    return static_cast<std::uint64_t>(found - pieces_.begin());
  };
  return {at(rows.first), at(rows.first + rows.count)};
}

}  // namespace arf
