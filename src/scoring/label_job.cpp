#include "scoring/label_job.h"

#include <span>
#include <utility>

#include "core/error.h"
#include "core/hash.h"
#include "core/log.h"
#include "data_io/row_check.h"
#include "data_io/shard_file.h"
#include "scoring/labeller.h"

namespace arf {
namespace {

// A source's shard ends at 64 MiB; old scores, 12 bytes each, come on top of it.
constexpr std::uint64_t kShardBytes = 128ull << 20;

std::uint64_t first_to_score(const std::optional<PreviousLabels>& previous) {
  return previous && previous->has_our_scores() ? previous->corpus().rows() : 0;
}

// The files that a shard of the source becomes.
class ShardFiles {
 public:
  ShardFiles(std::filesystem::path folder, std::size_t number)
      : folder_(std::move(folder)), number_(number) {}

  void add(const Dialogue& row) {
    shard_.add(row);
    if (shard_.bytes() >= kShardBytes) flush();
  }
  Json finish() {
    flush();
    return std::move(entries_);
  }

 private:
  void flush() {
    if (shard_.rows() == 0) return;
    const std::string part = entries_.empty() ? "" : fmt::format("-{}", entries_.size() + 1);
    const std::string name = fmt::format("shard-{:05}{}.h5", number_, part);
    entries_.push_back(write_shard_file(folder_, name, shard_, true));
    shard_.clear();
  }

  std::filesystem::path folder_;
  std::size_t number_;
  Shard shard_;
  Json entries_ = Json::array();
};

}  // namespace

LabelJob::LabelJob(CorpusReader source, std::optional<PreviousLabels> previous, LabelSource from,
                   double s_sig)
    : source_(std::move(source)),
      previous_(std::move(previous)),
      from_(from),
      s_sig_(s_sig),
      first_scored_(first_to_score(previous_)),
      pieces_(shard_rows(source_.index()), first_scored_) {}

Dialogue LabelJob::row(std::uint64_t number) const {
  const bool is_known = previous_ && number < previous_->corpus().rows();
  return is_known ? previous_->corpus().row(number) : source_.row(number);
}

std::vector<Satisfaction> LabelJob::score(const Scorer& scorer, std::uint64_t piece,
                                          int num_threads) const {
  Labeller labeller(scorer, from_, num_threads);
  const auto [first, count] = pieces_.rows(piece);
  for (std::uint64_t n = first; n < first + count; ++n) labeller.add(row(n));
  return labeller.finish();
}

std::vector<Satisfaction> LabelJob::scores_of(const ShardRows& rows,
                                              const ScorePieces& scores) const {
  std::vector<Satisfaction> all;
  const auto [begin, end] = pieces_.of_rows(rows);
  for (std::uint64_t piece = begin; piece < end; ++piece) {
    const auto more = scores.read(piece);
    if (!more) {
      input_error(
          "the scores of rows {} to {}, which a rank has written, cannot be read here: the folder "
          "of --output has to be one that all ranks share; the same command scores them again",
          pieces_.rows(piece).first, pieces_.rows(piece).first + pieces_.rows(piece).count - 1);
    }
    all.insert(all.end(), more->begin(), more->end());
  }
  return all;
}

RowsOfShard LabelJob::write_shard(std::size_t number, const ScorePieces& scores,
                                  const std::filesystem::path& folder) const {
  const ShardRows rows = shard_rows(source_.index())[number];
  const std::vector<Satisfaction> all = scores_of(rows, scores);
  std::span<const Satisfaction> rest = all;
  ShardFiles files(folder, number);
  LabelCounts counts;
  RowsOfShard result;
  for (std::uint64_t n = rows.first; n < rows.first + rows.count; ++n) {
    Dialogue dialogue = row(n);
    if (n >= first_scored_) {
      const std::size_t count = labelled_turns(dialogue, from_).size();
      ARF_CHECK(count <= rest.size(), "row {} has no scores", n);
      put_labels(from_, s_sig_, rest.first(count), &dialogue, &counts);
      rest = rest.subspan(count);
    } else {
      count_taken(from_, dialogue, &counts);
    }
    append_canonical(dialogue, &result.canonical);
    files.add(dialogue);
  }
  ARF_CHECK(rest.empty(), "{} scores of shard {} have no row", rest.size(), number);
  result.facts = {{"shards", files.finish()}, {"counts", to_json(counts)}};
  return result;
}

LabelJob::Result LabelJob::write(Communicator* world, const ScorePieces& scores,
                                 const std::filesystem::path& folder) const {
  Result result;
  Sha256 digest;
  Progress progress("write", source_.rows(), "rows");
  const auto make = [&](std::size_t i) { return write_shard(i, scores, folder); };
  const auto take = [&](std::size_t, const RowsOfShard& rows) {
    digest.update(rows.canonical);
    for (const Json& entry : rows.facts.at("shards")) {
      result.rows += entry.at("rows").get<std::uint64_t>();
      result.shards.push_back(entry);
    }
    result.counts.add(label_counts_of(rows.facts.at("counts")));
    progress.advance(result.rows);
  };
  gather_in_order(world, shard_rows(source_.index()).size(), make, take);
  result.digest = digest.hex();
  return result;
}

}  // namespace arf
