#include "scoring/ranked_rows.h"

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/hash.h"
#include "data_io/row_check.h"
#include "data_io/shard_file.h"

namespace arf {
namespace {

// The length of the facts as text, they, the rows.
std::vector<std::byte> pack(const RowsOfShard& rows) {
  const std::string facts = rows.facts.dump();
  const std::uint64_t length = facts.size();
  std::vector<std::byte> bytes(sizeof length + facts.size() + rows.canonical.size());
  std::byte* at = bytes.data();
  for (const auto& [from, size] :
       {std::pair<const void*, std::size_t>(&length, sizeof length),
        std::pair<const void*, std::size_t>(facts.data(), facts.size()),
        std::pair<const void*, std::size_t>(rows.canonical.data(), rows.canonical.size())}) {
    if (size > 0) std::memcpy(at, from, size);
    at += size;
  }
  return bytes;
}

RowsOfShard unpack(const std::vector<std::byte>& bytes) {
  std::uint64_t length = 0;
  ARF_CHECK(bytes.size() >= sizeof length, "a message of {} bytes", bytes.size());
  std::memcpy(&length, bytes.data(), sizeof length);
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  text.remove_prefix(sizeof length);
  ARF_CHECK(text.size() >= length, "a message of {} bytes for {}", bytes.size(), length);
  return {Json::parse(text.substr(0, length)), std::string(text.substr(length))};
}

}  // namespace

void gather_in_order(Communicator* world, std::size_t count,
                     const std::function<RowsOfShard(std::size_t)>& make,
                     const std::function<void(std::size_t, RowsOfShard)>& take) {
  const auto size = static_cast<std::size_t>(world->size());
  const auto rank = static_cast<std::size_t>(world->rank());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t owner = i % size;
    if (rank == owner) {
      RowsOfShard rows = make(i);
      if (rank == 0) {
        take(i, std::move(rows));
      } else {
        world->send(0, Tag::kRows, pack(rows));
        rows = {};
        world->finish_sends();
      }
    } else if (rank == 0) {
      take(i, unpack(world->receive(static_cast<int>(owner), Tag::kRows)));
    }
  }
}

std::string check_digest(Communicator* world, const std::filesystem::path& folder,
                         const CorpusReader& corpus, std::uint64_t prefix) {
  const std::vector<ShardRows> shards = shard_rows(corpus.index());
  Sha256 digest, prefix_digest;
  bool is_in_prefix = true;
  const auto make = [&](std::size_t i) {
    RowsOfShard rows;
    const auto [first, count] = shards[i];
    for (std::uint64_t row = first; row < first + count; ++row) {
      append_canonical(corpus.row(row), &rows.canonical);
      if (row + 1 == prefix) rows.facts["prefix"] = rows.canonical.size();
    }
    return rows;
  };
  const auto take = [&](std::size_t, const RowsOfShard& rows) {
    const std::string_view bytes = rows.canonical;
    digest.update(bytes);
    if (prefix == 0 || !is_in_prefix) return;
    is_in_prefix = !rows.facts.contains("prefix");
    prefix_digest.update(is_in_prefix ? bytes
                                      : bytes.substr(0, rows.facts["prefix"].get<std::size_t>()));
  };
  gather_in_order(world, shards.size(), make, take);
  world->agree_or_throw([&] {
    if (world->rank() == 0) require_corpus_digest(folder, corpus.index(), digest.hex());
  });
  return is_in_prefix ? "" : prefix_digest.hex();
}

}  // namespace arf
