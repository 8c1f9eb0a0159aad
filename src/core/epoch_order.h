// The order in which rows are visited: every epoch a new permutation that depends on the seed, the
// purpose and the epoch alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/philox.h"

namespace arf {

class EpochOrder {
 public:
  // size: rows, below 2^32; of none, none may be asked for.
  EpochOrder(std::size_t size, std::uint64_t seed, Purpose purpose);
  std::size_t at(std::uint64_t position);  // the row at 0, 1, ... over all epochs

 private:
  std::vector<std::size_t> order_;
  std::uint64_t seed_, epoch_ = UINT64_MAX;
  Purpose purpose_;
};

}  // namespace arf
