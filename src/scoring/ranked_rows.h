// Rows of a corpus whose shards several ranks read, each its own: brought to rank 0 in order, where
// their digest is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "comm/communicator.h"
#include "core/json.h"
#include "data_io/corpus.h"

namespace arf {

// Of one shard: its rows' canonical bytes (data_io/row_check.h), and what else there is to tell.
struct RowsOfShard {
  Json facts;
  std::string canonical;
};

// Collective. make(i), for 0 <= i < count, runs on rank i % size, and take(i, it) on rank 0 in
// order. A rank holds what is of two shards, at most: one that it made and one on its way.
void gather_in_order(Communicator* world, std::size_t count,
                     const std::function<RowsOfShard(std::size_t)>& make,
                     const std::function<void(std::size_t, RowsOfShard)>& take);

// Collective. Compares the rows of the corpus in `folder` with the digest in its index.json
// (input_error on all ranks), each rank with a part of the shards. On rank 0 the digest of its
// first `prefix` rows; elsewhere, and where it has fewer, empty.
std::string check_digest(Communicator* world, const std::filesystem::path& folder,
                         const CorpusReader& corpus, std::uint64_t prefix = 0);

}  // namespace arf
