#include "data_io/shard_file.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"

namespace arf {

Json write_shard_file(const std::filesystem::path& folder, const std::string& name,
                      const Shard& shard, bool compress) {
  const std::string image = shard.encode(compress);
  write_file_atomically(folder / name, image);
  return {{"file", name},
          {"rows", shard.rows()},
          {"turns", shard.turns()},
          {"bytes", image.size()},
          {"xxh3", fmt::format("{:016x}", xxh3(image))}};
}

void write_corpus_index(const std::filesystem::path& folder, std::uint64_t rows,
                        const std::string& digest, const Json& shards, const Json& about) {
  const Json index = {{"format", "arf-corpus"}, {"version", kCorpusFormat}, {"rows", rows},
                      {"digest", digest},       {"shards", shards},         {"about", about}};
  write_file_atomically(folder / "index.json", index.dump(2) + "\n");
}

std::vector<ShardRows> shard_rows(const Json& index) {
  std::vector<ShardRows> shards;
  std::uint64_t first = 0;
  for (const Json& entry : index.at("shards")) {
    shards.push_back({first, entry.at("rows").get<std::uint64_t>()});
    first += shards.back().count;
  }
  return shards;
}

void require_corpus_digest(const std::filesystem::path& folder, const Json& index,
                           const std::string& found) {
  const auto noted = index.at("digest").get<std::string>();
  if (found == noted) return;
  input_error("{}: the digest of the rows is {}, index.json says {}; make the corpus again",
              folder.string(), found, noted);
}

}  // namespace arf
