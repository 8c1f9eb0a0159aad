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

Json score_json(const Satisfaction& score) { return {score.bad, score.neutral, score.good}; }

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

}  // namespace

Json to_json(const Dialogue& row) {
  Json turns = Json::array();
  for (const Turn& turn : row.turns) {
    Json json = {{"role", turn.role == TurnRole::kUser ? "user" : "assistant"},
                 {"text", turn.text}};
    if (turn.satisfaction) json["satisfaction"] = score_json(*turn.satisfaction);
    for (const Satisfaction& old : turn.history) json["history"].push_back(score_json(old));
    turns.push_back(std::move(json));
  }
  Json json = {{"id", row.id}, {"source", row.source}, {"task", row.task}};
  if (!row.system.empty()) json["system"] = row.system;
  json["turns"] = std::move(turns);
  if (row.rejected) json["rejected"] = *row.rejected;
  if (row.rejected_satisfaction)
    json["rejected_satisfaction"] = score_json(*row.rejected_satisfaction);
  json["provenance"] = {{"file", row.provenance.file}, {"row", row.provenance.row}};
  if (!row.provenance.parent.empty()) {
    json["provenance"]["parent"] = row.provenance.parent;
    json["provenance"]["augmentation"] = row.provenance.augmentation;
    json["provenance"]["random_key"] = row.provenance.random_key;
  }
  return json;
}

Json describe_corpus(const std::filesystem::path& path, std::uint64_t sample_rows) {
  const CorpusReader corpus(path);
  Json result = {{"kind", "corpus"}, {"digest", corpus.digest()}};
  Census census;
  Json samples = Json::array();
  corpus.for_each([&](std::uint64_t number, const Dialogue& row) {
    census.add(row);
    if (number < sample_rows) samples.push_back(to_json(row));
  });
  census.write(&result);
  result["shards"] = corpus.index()["shards"].size();
  std::uint64_t bytes = 0;
  for (const Json& shard : corpus.index()["shards"]) bytes += shard["bytes"].get<std::uint64_t>();
  result["bytes"] = bytes;
  result["about"] = corpus.index().value("about", Json::object());
  result["samples"] = std::move(samples);
  return result;
}

// Where the shard lies in its corpus, the index has its checksum.
void compare_with_index(const std::filesystem::path& path, const std::string& image) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (!is_corpus(folder)) return;
  const CorpusReader corpus(folder);
  for (const Json& shard : corpus.index()["shards"]) {
    if (shard["file"] == path.filename().string()) check_shard(image, shard["xxh3"], path);
  }
}

Json describe_shard(const std::filesystem::path& path, std::uint64_t sample_rows) {
  const std::string image = read_file(path);
  compare_with_index(path, image);
  const Shard shard = Shard::decode(image, path.string());
  Json result = {{"kind", "shard"}};
  Sha256 digest;
  std::string canonical;
  Census census;
  Json samples = Json::array();
  for (std::uint64_t i = 0; i < shard.rows(); ++i) {
    const Dialogue row = shard.row(i);
    canonical.clear();
    append_canonical(row, &canonical);
    digest.update(canonical);
    census.add(row);
    if (i < sample_rows) samples.push_back(to_json(row));
  }
  result["digest"] = digest.hex();
  census.write(&result);
  result["bytes"] = image.size();
  result["samples"] = std::move(samples);
  return result;
}

}  // namespace arf
