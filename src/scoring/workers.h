// Who works on a scorer's texts: threads of this process, and ranks that do the same side by side.
// Neither number changes a bit.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "comm/communicator.h"
#include "core/error.h"

namespace arf {

struct Workers {
  // ranks: must outlive this; null: this process alone.
  Workers(int num_threads, const Communicator* ranks = nullptr)  // a number of threads is enough
      : threads(num_threads), ranks(ranks && ranks->size() > 1 ? ranks : nullptr) {}

  std::size_t rank() const { return ranks ? static_cast<std::size_t>(ranks->rank()) : 0; }
  std::size_t size() const { return ranks ? static_cast<std::size_t>(ranks->size()) : 1; }
  // Units are dealt to ranks in turn.
  std::size_t owner(std::size_t unit) const { return unit % size(); }
  bool has(std::size_t unit) const { return owner(unit) == rank(); }
  // How many of `units` are this rank's, and which the i-th of them is.
  std::size_t count(std::size_t units) const { return (units + size() - 1 - rank()) / size(); }
  std::size_t unit(std::size_t i) const { return rank() + i * size(); }

  // Collective. values[i], which the owner of unit_of(i) knows, goes to all ranks.
  template <typename Value, typename UnitOf>
  void share(std::vector<Value>* values, const UnitOf& unit_of) const {
    static_assert(std::is_trivially_copyable_v<Value>);
    if (size() == 1) return;
    std::vector<Value> mine;
    for (std::size_t i = 0; i < values->size(); ++i) {
      if (has(unit_of(i))) mine.push_back((*values)[i]);
    }
    const auto all = ranks->gather_to_all(std::as_bytes(std::span(mine)));
    std::vector<std::size_t> next(size(), 0);  // of each rank's, in bytes
    for (std::size_t i = 0; i < values->size(); ++i) {
      const std::size_t from = owner(unit_of(i));
      ARF_CHECK(next[from] + sizeof(Value) <= all[from].size(), "rank {} sent too little", from);
      std::memcpy(&(*values)[i], all[from].data() + next[from], sizeof(Value));
      next[from] += sizeof(Value);
    }
  }

  int threads;
  const Communicator* ranks;
};

}  // namespace arf
