// The part of describe() that knows rows.
#include "data_io/describe_corpus.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "core/text_hash.h"
#include "data_io/corpus.h"
#include "data_io/describe.h"
#include "data_io/row_check.h"
#include "data_io/shard.h"

namespace arf {
namespace {

void count(Json& counts, const std::string& key) {
  counts[key] = counts.value(key, std::uint64_t{0}) + 1;
}

const char* class_name(const Satisfaction& score) {
  if (score.bad >= score.neutral && score.bad >= score.good) return "bad";
  return score.neutral >= score.good ? "neutral" : "good";
}

// Of a corpus from elsewhere every row may have a name of its own.
using NameCounts = TextMap<std::uint64_t>;
constexpr std::size_t kMostNames = 32;

// {name: rows} of the names with the most rows, which come first, under `key`; where there are more
// names, what they add up to under `key`_not_shown.
void write_names(const NameCounts& counts, const std::string& key, Json* out) {
  std::vector<std::pair<std::string, std::uint64_t>> names(counts.begin(), counts.end());
  const std::size_t shown = std::min(names.size(), kMostNames);
  std::partial_sort(names.begin(), names.begin() + static_cast<long>(shown), names.end(),
                    [](const auto& a, const auto& b) {
                      return a.second != b.second ? a.second > b.second : a.first < b.first;
                    });
  (*out)[key] = Json::object();
  for (std::size_t i = 0; i < shown; ++i) (*out)[key][names[i].first] = names[i].second;
  if (shown == names.size()) return;
  std::uint64_t rows = 0;
  for (std::size_t i = shown; i < names.size(); ++i) rows += names[i].second;
  (*out)[key + "_not_shown"] = {{"names", names.size() - shown}, {"rows", rows}};
}

// What rows add up to.
class Census {
 public:
  void add(const Dialogue& row) {
    ++rows_;
    turns_ += row.turns.size();
    pairs_ += row.rejected.has_value();
    ++sources_[row.source];
    ++tasks_[row.task];
    if (!row.provenance.augmentation.empty()) ++augmentations_[row.provenance.augmentation];
    for (const Turn& turn : row.turns) {
      Json& counts = turn.role == TurnRole::kUser ? user_ : assistant_;
      count(counts, turn.satisfaction ? class_name(*turn.satisfaction) : "none");
      rescored_ += !turn.history.empty();
    }
  }

  void write(Json* out) const {
    (*out)["rows"] = rows_;
    (*out)["turns"] = turns_;
    (*out)["preference_pairs"] = pairs_;
    write_names(sources_, "sources", out);
    write_names(tasks_, "tasks", out);
    write_names(augmentations_, "augmentations", out);
    (*out)["user_satisfaction"] = user_;
    (*out)["assistant_satisfaction"] = assistant_;
    (*out)["rescored_turns"] = rescored_;
  }

 private:
  std::uint64_t rows_ = 0, turns_ = 0, pairs_ = 0, rescored_ = 0;
  NameCounts sources_, tasks_, augmentations_;
  Json user_ = {{"bad", 0}, {"neutral", 0}, {"good", 0}, {"none", 0}}, assistant_ = user_;
};

// Where the shard lies in its corpus, the index has its checksum.
void compare_with_index(const std::filesystem::path& path, const std::string& image) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (!is_corpus(folder)) return;
  const CorpusReader corpus(folder);
  for (const Json& shard : corpus.index()["shards"]) {
    if (shard["file"] == path.filename().string()) check_shard(image, shard["xxh3"], path);
  }
}

struct LoneShard {
  std::uint64_t bytes = 0;  // of the file
  Shard shard;
};

LoneShard read_shard(const std::filesystem::path& path) {
  const std::string image = read_file(path);
  compare_with_index(path, image);
  return {image.size(), Shard::decode(image, path.string())};
}

}  // namespace

Json describe_corpus(const std::filesystem::path& path) {
  const CorpusReader corpus(path);
  Census census;
  corpus.for_each([&](std::uint64_t, const Dialogue& row) { census.add(row); });
  Json result = {{"kind", "corpus"}, {"digest", corpus.digest()}};  // of the rows just read
  census.write(&result);
  result["shards"] = corpus.index()["shards"].size();
  std::uint64_t bytes = 0;
  for (const Json& shard : corpus.index()["shards"]) bytes += shard["bytes"].get<std::uint64_t>();
  result["bytes"] = bytes;
  result["about"] = corpus.index().value("about", Json::object());
  return result;
}

Json describe_shard(const std::filesystem::path& path) {
  const auto [bytes, shard] = read_shard(path);
  Json result = {{"kind", "shard"}};
  Sha256 digest;
  std::string canonical;
  Census census;
  for (std::uint64_t i = 0; i < shard.rows(); ++i) {
    const Dialogue row = shard.row(i);
    canonical.clear();
    append_canonical(row, &canonical);
    digest.update(canonical);
    census.add(row);
  }
  result["digest"] = digest.hex();
  census.write(&result);
  result["bytes"] = bytes;
  return result;
}

void for_first_rows(const std::filesystem::path& path, std::uint64_t count,
                    const std::function<void(const Dialogue&)>& body) {
  const auto each = [&](const auto& rows) {
    for (std::uint64_t i = 0; i < std::min(count, rows.rows()); ++i) body(rows.row(i));
  };
  if (std::filesystem::is_directory(path)) return each(CorpusReader(path));
  each(read_shard(path).shard);
}

}  // namespace arf
