#include "scoring/label_job.h"

#include "core/json.h"
#include "data_io/shard_file.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

constexpr std::uint64_t kRows = 60;

Communicator one_rank() {
  static const MpiSession session;
  return Communicator::world();
}

std::vector<Dialogue> some_rows(std::uint64_t count) {
  std::vector<Dialogue> rows;
  for (std::uint64_t i = 0; i < count; ++i) {
    rows.push_back(i % 3 == 0 ? labelled_text(i) : feedback_row(i));
  }
  return rows;
}

// In shards of some rows each.
void write_in_shards(const std::filesystem::path& path, const std::vector<Dialogue>& rows) {
  CorpusWriter::Settings settings;
  settings.shard_bytes = 3000;
  CorpusWriter writer(path, settings);
  for (const Dialogue& row : rows) writer.add(row);
  writer.finish();
}

Json noted_by(const std::filesystem::path& source, const std::string& scorer = "A") {
  return {{"digest", scorer},
          {"config", "c"},
          {"tokenizer", "t"},
          {"arithmetic", "a"},
          {"from", "follow_up"},
          {"s_sig", 0.0},
          {"corpus_digest", CorpusReader(source).index().at("digest")}};
}

// Labels the corpus `from`, as `arf label` does, into the new folder `to`; the digest.
std::string label(const Scorer& scorer, const std::filesystem::path& from,
                  const std::filesystem::path& to, const Json& by, LabelCounts* counts,
                  const std::filesystem::path& previous = {}) {
  std::optional<PreviousLabels> before;
  if (!previous.empty()) before.emplace(previous, by);
  const LabelJob job(CorpusReader(from), std::move(before), LabelSource::kFollowUp, 0);
  std::filesystem::create_directories(to / "scores");
  const ScorePieces scores(to / "scores", 5);
  for (std::uint64_t piece = 0; piece < job.pieces().count(); ++piece) {
    scores.write(piece, job.score(scorer, piece, 1));
  }
  Communicator world = one_rank();
  const LabelJob::Result result = job.write(&world, scores, to);
  scores.remove();
  write_corpus_index(to, result.rows, result.digest, result.shards, {{"labelled_by", by}});
  *counts = result.counts;
  return CorpusReader(to).digest();  // and that it is the rows'
}

}  // namespace

BOOST_AUTO_TEST_SUITE(label_job_test)

BOOST_AUTO_TEST_CASE(PiecesAreOfOneShardAndBeginAtTheFirstRowToScore) {
  const std::vector<ShardRows> shards = {{0, 2500}, {2500, 10}, {2510, 1024}};
  const LabelPieces all(shards, 0);
  BOOST_REQUIRE(all.count() == 5u);
  BOOST_TEST(all.rows(2).first == 2048u);
  BOOST_TEST(all.rows(2).count == 452u);
  BOOST_TEST(all.rows(4).count == 1024u);
  BOOST_TEST(all.of_rows(shards[1]).begin == 3u);
  BOOST_TEST(all.of_rows(shards[1]).end == 4u);
  const LabelPieces rest(shards, 1100);
  BOOST_REQUIRE(rest.count() == 4u);
  BOOST_TEST(rest.rows(0).first == 1100u);
  BOOST_TEST(rest.rows(0).count == 948u);
  BOOST_TEST(rest.of_rows(shards[0]).begin == 0u);
  BOOST_TEST(rest.of_rows(shards[0]).end == 2u);
  BOOST_TEST(LabelPieces(shards, 3534).count() == 0u);
  BOOST_TEST(LabelPieces(shards, 2510).of_rows(shards[0]).end == 0u);
}

BOOST_AUTO_TEST_CASE(AShardOfTheSourceBecomesOneWithTheLabelsPutIn) {
  const TemporaryFolder folder;
  const Scorer scorer = stirred_scorer();
  const auto rows = some_rows(kRows);
  write_in_shards(folder / "source", rows);
  LabelCounts counts;
  label(scorer, folder / "source", folder / "labelled", noted_by(folder / "source"), &counts);
  const CorpusReader source(folder / "source"), labelled(folder / "labelled");
  BOOST_REQUIRE(shard_rows(source.index()).size() > 4u);
  BOOST_REQUIRE(shard_rows(labelled.index()).size() == shard_rows(source.index()).size());
  for (std::size_t i = 0; i < shard_rows(source.index()).size(); ++i) {
    BOOST_TEST(shard_rows(labelled.index())[i].first == shard_rows(source.index())[i].first);
  }
  BOOST_TEST(counts.rows == kRows);
  BOOST_TEST(counts.labelled == 40u);
  const auto found = rows_of(folder / "labelled");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BOOST_TEST(found[i].id == rows[i].id);
    if (i % 3 == 0) continue;
    BOOST_TEST((found[i].turns[1].satisfaction == scorer.score({{"", rows[i].turns[2].text}})[0]));
    BOOST_TEST((found[i].turns[1].history == std::vector{*rows[i].turns[1].satisfaction}));
  }
}

BOOST_AUTO_TEST_CASE(WhatHasGrownIsLabelledAsIfItWereNew) {
  const TemporaryFolder folder;
  const Scorer scorer = stirred_scorer();
  LabelCounts counts;
  write_in_shards(folder / "source", some_rows(kRows));
  const auto full =
      label(scorer, folder / "source", folder / "full", noted_by(folder / "source"), &counts);
  for (const std::uint64_t before : {std::uint64_t{1}, std::uint64_t{37}, kRows}) {
    const auto name = [&](const char* what) { return folder / (what + std::to_string(before)); };
    write_corpus(name("source"), some_rows(before));  // in one shard, so cut elsewhere
    label(scorer, name("source"), name("previous"), noted_by(name("source")), &counts);
    // A scorer that gives others' scores shows who was asked.
    const auto grown = label(stirred_scorer(before == kRows ? 2 : 1), folder / "source",
                             name("grown"), noted_by(folder / "source"), &counts, name("previous"));
    BOOST_TEST(grown == full);
    BOOST_TEST(counts.labelled == 40u);
    BOOST_TEST(counts.taken == before - (before + 2) / 3);
  }
}

BOOST_AUTO_TEST_CASE(ScoresOfAnotherScorerBecomeHistory) {
  const TemporaryFolder folder;
  LabelCounts counts;
  write_corpus(folder / "source", some_rows(kRows));
  write_corpus(folder / "first", some_rows(30));
  label(stirred_scorer(1), folder / "first", folder / "previous", noted_by(folder / "first"),
        &counts);
  label(stirred_scorer(2), folder / "source", folder / "again", noted_by(folder / "source", "B"),
        &counts, folder / "previous");
  BOOST_TEST(counts.taken == 0u);
  const auto before = rows_of(folder / "previous"), now = rows_of(folder / "again");
  const Scorer second = stirred_scorer(2);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (i % 3 == 0) continue;
    const Turn& turn = now[i].turns[1];
    BOOST_TEST((turn.satisfaction == second.score({{"", now[i].turns[2].text}})[0]));
    BOOST_TEST(turn.history.size() == (i < 30 ? 2u : 1u));
    if (i < 30) BOOST_TEST((turn.history.back() == before[i].turns[1].satisfaction));
  }
}

BOOST_AUTO_TEST_CASE(APreviousCorpusOfOtherRowsIsRefused) {
  const TemporaryFolder folder;
  LabelCounts counts;
  write_corpus(folder / "source", some_rows(20));
  const Json by = noted_by(folder / "source");
  BOOST_CHECK_EXCEPTION(PreviousLabels(folder / "source", by), Error,
                        has("is no corpus that this `arf label` made", ExitCode::kInput));
  label(stirred_scorer(), folder / "source", folder / "labelled", by, &counts);
  const PreviousLabels previous(folder / "labelled", by);
  Communicator world = one_rank();
  auto rows = some_rows(25);
  write_in_shards(folder / "grown", rows);
  rows[19].turns[0].text += "!";
  write_in_shards(folder / "other", rows);
  const auto first_20 = [&](const char* name) {
    return check_digest(&world, folder / name, CorpusReader(folder / name), 20);
  };
  BOOST_CHECK_NO_THROW(previous.require_made_of("grown", 25, first_20("grown")));
  BOOST_CHECK_EXCEPTION(
      previous.require_made_of("other", 25, first_20("other")), Error,
      has("was labelled from another corpus: its rows are not the first 20", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(previous.require_made_of("short", 19, ""), Error,
                        has("has 20 rows, and short has 19", ExitCode::kInput));
  BOOST_TEST(previous.has_our_scores());
  Json other = by;
  other["from"] = "response";
  BOOST_TEST(PreviousLabels(folder / "labelled", other).difference() ==
             "from another --label.from");
}

BOOST_AUTO_TEST_CASE(ADigestThatIsNotTheRowsIsRefused) {
  const TemporaryFolder folder;
  write_in_shards(folder / "source", some_rows(20));
  Json index = read_json(folder / "source" / "index.json");
  index["digest"] = std::string(64, '0');
  write_file_atomically(folder / "source" / "index.json", index.dump());
  Communicator world = one_rank();
  BOOST_CHECK_EXCEPTION(check_digest(&world, folder / "source", CorpusReader(folder / "source")),
                        Error, has("the digest of the rows is", ExitCode::kInput));
  error_is_agreed = false;
}

BOOST_AUTO_TEST_SUITE_END()
