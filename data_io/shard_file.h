// A shard as a file of a corpus, and the index that makes a folder of such files a corpus.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "data_io/shard.h"

namespace arf {

// Writes the shard to FOLDER/NAME, whole or not at all (resource_error); its entry in index.json.
Json write_shard_file(const std::filesystem::path& folder, const std::string& name,
                      const Shard& shard, bool compress);

// Writes FOLDER/index.json, whole or not at all, behind which the folder is a corpus. shards: the
// entries of files that are there, in order; digest: of their rows.
void write_corpus_index(const std::filesystem::path& folder, std::uint64_t rows,
                        const std::string& digest, const Json& shards, const Json& about);

// The rows of each shard, in order, by the index of a corpus that a CorpusReader has opened.
struct ShardRows {
  std::uint64_t first, count;
};
std::vector<ShardRows> shard_rows(const Json& index);

// input_error where `found`, the digest of all rows of the corpus in `folder`, is not the one in
// its index: every shard's checksum may be right, and the index not made with these shards.
void require_corpus_digest(const std::filesystem::path& folder, const Json& index,
                           const std::string& found);

}  // namespace arf
