#include <algorithm>
#include <list>
#include <set>
#include <type_traits>
#include <vector>

#include "core/activity.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/row_check.h"
#include "data_io/shard_file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

// Decoded. A writer's have 64 MiB each; of larger ones fewer are kept.
constexpr std::size_t kShardsKept = 4;
constexpr std::uint64_t kMostBytesKept = 512ull << 20;

struct ShardEntry {
  fs::path path;
  std::uint64_t first_row = 0, rows = 0, turns = 0, bytes = 0;
  std::string xxh3;
};

template <typename T>
T field(const Json& object, const char* name, const fs::path& index) {
  const bool is_there = object.is_object() && object.contains(name);
  // json.hpp makes a whole number of any number, and of `true`.
  const bool is_right =
      is_there && (!std::is_same_v<T, std::uint64_t> || object[name].is_number_unsigned());
  try {
    if (is_right) return object[name].get<T>();
  } catch (const Json::exception&) {
  }
  input_error("{}: field `{}` is missing or has the wrong type; make the corpus again",
              index.string(), name);
}

ShardEntry parse_entry(const Json& json, const fs::path& directory, std::uint64_t first_row) {
  const fs::path index = directory / "index.json";
  const auto name = field<std::string>(json, "file", index);
  if (name.empty() || name.find_first_of({"/\0", 2}) != std::string::npos || name[0] == '.') {
    input_error("{}: shard `{}` is not a file name in this folder", index.string(),
                printable(name));
  }
  // A folder from elsewhere must not lead out of it.
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(directory / name, error))) {
    input_error("{}: is a symbolic link; put the shard itself there", (directory / name).string());
  }
  ShardEntry entry{directory / name,
                   first_row,
                   field<std::uint64_t>(json, "rows", index),
                   field<std::uint64_t>(json, "turns", index),
                   field<std::uint64_t>(json, "bytes", index),
                   field<std::string>(json, "xxh3", index)};
  const auto size = fs::file_size(entry.path, error);
  if (error) input_error("{}: shard is missing ({})", entry.path.string(), error.message());
  if (size != entry.bytes) {
    input_error("{}: has {} bytes where index.json says {}; copy or make the corpus again",
                entry.path.string(), size, entry.bytes);
  }
  if (entry.rows > Shard::most_rows(size)) {
    input_error("{}: has {} bytes, and index.json says {} rows; make the corpus again",
                entry.path.string(), size, entry.rows);
  }
  return entry;
}

Shard load(const ShardEntry& entry) {
  const std::string image = read_file(entry.path);
  check_shard(image, entry.xxh3, entry.path);
  Shard shard = Shard::decode(image, entry.path.string());
  if (shard.rows() != entry.rows || shard.turns() != entry.turns) {
    input_error(
        "{}: has {} rows and {} turns where index.json says {} and {}; make the corpus again",
        entry.path.string(), shard.rows(), shard.turns(), entry.rows, entry.turns);
  }
  return shard;
}

}  // namespace

struct CorpusReader::State {
  fs::path directory;
  Json index;
  std::uint64_t rows = 0;
  std::vector<ShardEntry> entries;
  std::list<std::pair<std::size_t, Shard>> decoded;  // the last used first
  bool is_read_through = false;                      // the last row of that one was asked for
  bool is_digest_checked = false;

  std::uint64_t bytes_kept() const {
    std::uint64_t bytes = 0;
    for (const auto& [number, shard] : decoded) bytes += shard.bytes();
    return bytes;
  }

  const Shard& shard(std::size_t number) {
    // Who reads rows in order does not come back.
    if (is_read_through && decoded.front().first != number) decoded.pop_front();
    is_read_through = false;
    const auto at = std::find_if(decoded.begin(), decoded.end(),
                                 [&](const auto& kept) { return kept.first == number; });
    if (at != decoded.end()) {
      decoded.splice(decoded.begin(), decoded, at);
    } else {
      while (decoded.size() >= kShardsKept || bytes_kept() > kMostBytesKept) decoded.pop_back();
      decoded.emplace_front(number, load(entries[number]));
    }
    return decoded.front().second;
  }
};

void check_shard(std::string_view image, const std::string& wanted, const fs::path& path) {
  if (fmt::format("{:016x}", xxh3(image)) == wanted) return;
  input_error(
      "{}: is damaged: its checksum is not the one in index.json; copy or make the corpus again",
      path.string());
}

bool is_corpus(const fs::path& directory) {
  if (!fs::is_regular_file(directory / "index.json")) return false;
  try {
    const Json index = read_json(directory / "index.json");
    return index.is_object() && index.value("format", Json()) == "arf-corpus";
  } catch (const Error&) {
    return false;
  }
}

CorpusReader::CorpusReader(const fs::path& directory) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.directory = directory;
  const fs::path path = directory / "index.json";
  if (!fs::is_regular_file(path)) {
    input_error(
        "{}: is not a corpus (it has no index.json); `arf import` or `arf simulate` make one",
        directory.string());
  }
  s.index = read_json(path);
  if (!s.index.is_object() || s.index.value("format", Json()) != "arf-corpus") {
    input_error("{}: is not the index of a corpus", path.string());
  }
  if (const auto version = field<std::uint64_t>(s.index, "version", path);
      version != kCorpusFormat) {
    input_error("{}: is of format {}; this arf reads format {}: import it again", path.string(),
                version, kCorpusFormat);
  }
  if (field<std::string>(s.index, "digest", path).size() != 64) {
    input_error("{}: field `digest` is no SHA-256; make the corpus again", path.string());
  }
  const auto shards = field<Json>(s.index, "shards", path);
  if (!shards.is_array()) input_error("{}: field `shards` is not a list", path.string());
  std::set<fs::path> files;
  for (const Json& json : shards) {
    s.entries.push_back(parse_entry(json, directory, s.rows));
    s.rows += s.entries.back().rows;
    const fs::path& file = s.entries.back().path;
    if (!files.insert(file).second) {
      input_error("{}: has shard `{}` twice; make the corpus again", path.string(),
                  file.filename().string());
    }
  }
  if (const auto rows = field<std::uint64_t>(s.index, "rows", path); rows != s.rows || rows == 0) {
    input_error("{}: says {} rows but its shards have {}; make the corpus again", path.string(),
                rows, s.rows);
  }
}

CorpusReader::~CorpusReader() = default;
CorpusReader::CorpusReader(CorpusReader&&) noexcept = default;
CorpusReader& CorpusReader::operator=(CorpusReader&&) noexcept = default;

std::uint64_t CorpusReader::rows() const { return state_->rows; }
const Json& CorpusReader::index() const { return state_->index; }

Dialogue CorpusReader::row(std::uint64_t number) const {
  ARF_CHECK(number < state_->rows, "row {} of a corpus of {}", number, state_->rows);
  const auto& entries = state_->entries;
  const auto after =
      std::upper_bound(entries.begin(), entries.end(), number,
                       [](std::uint64_t n, const ShardEntry& e) { return n < e.first_row; });
  const auto which = static_cast<std::size_t>(after - entries.begin()) - 1;
  note_progress();
  const ShardEntry& entry = entries[which];
  Dialogue dialogue = state_->shard(which).row(number - entry.first_row);
  state_->is_read_through = number + 1 == entry.first_row + entry.rows;
  return dialogue;
}

void CorpusReader::for_each(const std::function<void(std::uint64_t, const Dialogue&)>& body) const {
  State& s = *state_;
  if (s.is_digest_checked) {
    for (std::uint64_t number = 0; number < rows(); ++number) body(number, row(number));
    return;
  }
  Sha256 hash;
  std::string bytes;
  for (std::uint64_t number = 0; number < rows(); ++number) {
    const Dialogue dialogue = row(number);
    bytes.clear();
    append_canonical(dialogue, &bytes);
    hash.update(bytes);
    body(number, dialogue);
  }
  require_digest(hash.hex());
}

void CorpusReader::require_digest(const std::string& found) const {
  require_corpus_digest(state_->directory, state_->index, found);
  state_->is_digest_checked = true;
}

std::string CorpusReader::digest() const {
  if (!state_->is_digest_checked) for_each([](std::uint64_t, const Dialogue&) {});
  return state_->index.at("digest").get<std::string>();
}

}  // namespace arf
