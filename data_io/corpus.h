// A corpus: a folder of HDF5 shards with an index.json (FORMAT.md is the contract).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/json.h"
#include "records/dialogue.h"

namespace arf {

// Writes a new corpus beside its destination and renames it into place in finish(); a writer that
// is destroyed before that leaves nothing. Memory: one shard's worth of rows.
class CorpusWriter {
 public:
  struct Settings {
    std::uint64_t shard_bytes = 64ull << 20;  // of a shard's columns in memory
    bool compress = true;
    bool check_ids = true;  // costs 40 bytes a row; off: the caller made them unique
  };
  // usage_error where `directory` holds something already.
  explicit CorpusWriter(const std::filesystem::path& directory);
  CorpusWriter(const std::filesystem::path& directory, const Settings& settings);
  ~CorpusWriter();
  CorpusWriter(const CorpusWriter&) = delete;
  CorpusWriter& operator=(const CorpusWriter&) = delete;

  void add(const Dialogue& dialogue);  // input_error: invalid UTF-8, no turns, bad satisfaction
  void add_checked(const Dialogue& dialogue);            // of a row that has passed check_dialogue
  void note(const std::string& key, const Json& value);  // kept in index.json under "about"
  void keep_config(const std::string& resolved);  // config.ini, which makes this corpus again
  void finish();                                  // input_error where no row was added
  std::uint64_t rows() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads rows by number. Every shard's checksum is compared with the index before it is decoded.
// Not thread-safe: one reader a thread. Keeps the last few shards decoded.
class CorpusReader {
 public:
  explicit CorpusReader(const std::filesystem::path& directory);  // input_error
  ~CorpusReader();
  CorpusReader(CorpusReader&&) noexcept;
  CorpusReader& operator=(CorpusReader&&) noexcept;

  std::uint64_t rows() const;
  Dialogue row(std::uint64_t number) const;  // 0 <= number < rows()
  // All rows in their order. Behind the last of them, input_error where they have another digest
  // than index.json notes.
  void for_each(const std::function<void(std::uint64_t, const Dialogue&)>& body) const;
  const Json& index() const;
  // SHA-256 over the rows' content, independent of sharding and compression; for what it costs, see
  // for_each, which is called where it was not before.
  std::string digest() const;

 private:
  void require_digest(const std::string& found) const;
  struct State;
  std::unique_ptr<State> state_;
};

bool is_corpus(const std::filesystem::path& directory);  // it has an index.json of ours

// input_error where the checksum of the shard `path`, whose bytes are `image`, is not `wanted`, the
// 16 hexadecimal digits in index.json.
void check_shard(std::string_view image, const std::string& wanted,
                 const std::filesystem::path& path);

}  // namespace arf
