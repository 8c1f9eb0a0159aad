#include "data_io/corpus.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "tests/data_io/corpus_helpers.h"
#include "tests/data_io/temporary_folder.h"

namespace fs = std::filesystem;
using namespace arf;

namespace {

void flip_bit(const fs::path& path, std::size_t at) {
  std::string bytes = read_file(path);
  bytes.at(at) ^= 1;
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(corpus_test)

BOOST_AUTO_TEST_CASE(EveryFieldComesBack) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 25);
  const CorpusReader reader(folder / "c");
  BOOST_TEST(reader.rows() == 25u);
  for (int i = 24; i >= 0; --i) BOOST_TEST((reader.row(i) == full_row(i)), "row " << i);
  BOOST_TEST(reader.index()["about"]["made_by"] == "a test");
  BOOST_TEST(is_corpus(folder / "c"));
  BOOST_TEST(!is_corpus(folder.path()));
}

BOOST_AUTO_TEST_CASE(DigestDoesNotDependOnShardsOrCompression) {
  const TemporaryFolder folder;
  write_corpus(folder / "one", 40);
  write_corpus(folder / "many", 40, {100, false});
  write_corpus(folder / "fewer", 39);
  const CorpusReader one(folder / "one"), many(folder / "many"), fewer(folder / "fewer");
  BOOST_TEST(one.index()["shards"].size() == 1u);
  BOOST_TEST(many.index()["shards"].size() > 10u);
  BOOST_TEST(one.digest() == many.digest());
  BOOST_TEST(one.digest() != fewer.digest());
  for (int i = 0; i < 40; ++i) BOOST_TEST((many.row(i * 7 % 40) == full_row(i * 7 % 40)));
}

BOOST_AUTO_TEST_CASE(ShardEndsByAllItsColumns) {
  const TemporaryFolder folder;
  CorpusWriter writer(folder / "c", {.shard_bytes = 4000});
  for (int i = 0; i < 100; ++i) {
    Dialogue row;
    row.id = std::to_string(i);
    row.turns.push_back({TurnRole::kUser, "", std::nullopt, {}});
    writer.add(row);
  }
  writer.finish();
  BOOST_TEST(CorpusReader(folder / "c").index()["shards"].size() > 2u);
}

BOOST_AUTO_TEST_CASE(LargeEqualTextsComeBack) {
  const TemporaryFolder folder;
  const std::string text(16000000, 'a');
  {
    CorpusWriter writer(folder / "c");
    for (int i = 0; i < 5; ++i) {
      Dialogue row;
      row.id = std::to_string(i);
      row.turns.push_back({TurnRole::kUser, text, std::nullopt, {}});
      writer.add(row);
    }
    writer.finish();
  }
  const CorpusReader reader(folder / "c");
  BOOST_TEST(reader.index()["shards"].size() == 1u);
  BOOST_CHECK(reader.row(4).turns[0].text == text);
}

BOOST_AUTO_TEST_CASE(DigestSeesEveryField) {
  const TemporaryFolder folder;
  const auto digest_with = [&](const std::string& name,
                               const std::function<void(Dialogue&)>& change) {
    Dialogue row = full_row(5);
    change(row);
    CorpusWriter writer(folder / name);
    writer.add(row);
    writer.finish();
    return CorpusReader(folder / name).digest();
  };
  const std::string plain = digest_with("plain", [](Dialogue&) {});
  const std::vector<std::function<void(Dialogue&)>> changes = {
      [](Dialogue& d) {
        d.source += d.task[0];
        d.task.erase(0, 1);
      },
      [](Dialogue& d) { d.turns[0].role = TurnRole::kAssistant; },
      [](Dialogue& d) { d.turns[1].satisfaction.reset(); },
      [](Dialogue& d) { d.turns[1].history.pop_back(); },
      [](Dialogue& d) { d.rejected.reset(); },
      [](Dialogue& d) { d.rejected_satisfaction.reset(); },
      [](Dialogue& d) { d.provenance.random_key += 1; },
      [](Dialogue& d) { d.provenance.row += 1; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BOOST_TEST(digest_with(std::to_string(i), changes[i]) != plain, "change " << i);
  }
}

BOOST_AUTO_TEST_CASE(EqualRowsGiveEqualFiles) {
  const TemporaryFolder folder;
  write_corpus(folder / "a", 10);
  write_corpus(folder / "b", 10);
  BOOST_TEST(read_file(folder / "a/shard-00000.h5") == read_file(folder / "b/shard-00000.h5"));
  BOOST_TEST(read_file(folder / "a/index.json") == read_file(folder / "b/index.json"));
}

BOOST_AUTO_TEST_CASE(UnfinishedWriterLeavesNothing) {
  const TemporaryFolder folder;
  {
    CorpusWriter writer(folder / "c", {10});
    for (int i = 0; i < 5; ++i) writer.add(full_row(i));
    BOOST_TEST(leaves_only(folder.path(), 1));
  }
  BOOST_TEST(leaves_only(folder.path(), 0));
}

BOOST_AUTO_TEST_CASE(EmptyCorpusIsRefusedAndLeavesNothing) {
  const TemporaryFolder folder;
  {
    CorpusWriter writer(folder / "c");
    BOOST_CHECK_EXCEPTION(writer.finish(), Error, has("no rows", ExitCode::kInput));
  }
  BOOST_TEST(leaves_only(folder.path(), 0));
}

// A limit on the size of files fails a write as a full disk does, without root.
BOOST_AUTO_TEST_CASE(FullDiskIsAResourceErrorAndLeavesNothing) {
  const TemporaryFolder folder;
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  BOOST_REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit tight = before;
  tight.rlim_cur = 1000;
  BOOST_REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  std::string sentence;
  ExitCode code = ExitCode::kDone;
  try {
    write_corpus(folder / "c", 30);
  } catch (const Error& error) {
    sentence = error.what();
    code = error.code();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  BOOST_TEST((code == ExitCode::kResource), sentence);
  BOOST_TEST(sentence.find("shard-00000.h5") != std::string::npos, sentence);
  BOOST_TEST(leaves_only(folder.path(), 0));
}

BOOST_AUTO_TEST_CASE(OccupiedOutputIsRefused) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "c");
  std::ofstream(folder / "c/precious") << "x";
  BOOST_CHECK_EXCEPTION(CorpusWriter(folder / "c"), Error,
                        has("holds something", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(CorpusWriter(folder / "c/"), Error,
                        has("holds something", ExitCode::kUsage));
  fs::remove(folder / "c/precious");
  write_corpus(folder / "c/", 3);  // an empty folder is as good as none
  BOOST_TEST(CorpusReader(folder / "c").rows() == 3u);
}

BOOST_AUTO_TEST_CASE(BadRowsAreRefusedWithTheirPlace) {
  const TemporaryFolder folder;
  CorpusWriter writer(folder / "c");
  const auto refused = [&](const char* words, const std::function<void(Dialogue&)>& change) {
    Dialogue row = full_row(1);
    change(row);
    BOOST_CHECK_EXCEPTION(writer.add(row), Error, has(words, ExitCode::kInput));
  };
  refused("no turns", [](Dialogue& d) { d.turns.clear(); });
  refused("row 0 (`row-1`): a turn's text is not UTF-8 at byte 2 (0xff)",
          [](Dialogue& d) { d.turns[0].text = "ab\xff"; });
  refused("UTF-8", [](Dialogue& d) { d.turns[0].text = "\xed\xa0\x80"; });  // a surrogate
  refused("UTF-8", [](Dialogue& d) { d.system = "\xc0\xaf"; });             // overlong
  refused("sum is 1", [](Dialogue& d) { d.turns[1].satisfaction->good = 0.9f; });
  refused("sum is 1", [](Dialogue& d) { d.rejected_satisfaction = Satisfaction{-1, 1, 1}; });
  refused("sum is 1", [](Dialogue& d) { d.turns[1].history[0].bad = std::nanf(""); });
  refused("split it", [](Dialogue& d) { d.turns[0].text.assign((16u << 20) + 1, 'a'); });
  writer.add(full_row(1));
  refused("id `row-1` is in this corpus already", [](Dialogue&) {});
}

BOOST_AUTO_TEST_CASE(FlippedBitAnywhereIsRefusedAndNamesTheShard) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 8);
  const fs::path shard = folder / "c/shard-00000.h5";
  const std::size_t size = fs::file_size(shard);
  for (std::size_t at = 0; at < size; at += size / 23 + 1) {
    flip_bit(shard, at);
    BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c").row(0), Error,
                          has("shard-00000.h5", ExitCode::kInput));
    flip_bit(shard, at);
  }
  BOOST_TEST((CorpusReader(folder / "c").row(0) == full_row(0)));
}

BOOST_AUTO_TEST_CASE(TruncatedShardIsRefused) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 8);
  fs::resize_file(folder / "c/shard-00000.h5", 1000);
  BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c"), Error,
                        has("has 1000 bytes where", ExitCode::kInput));
  fs::remove(folder / "c/shard-00000.h5");
  BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c"), Error, has("missing", ExitCode::kInput));
}

// Every checksum is right, and the digest is that of other rows: of a run that goes on, the inputs
// would seem to be the same.
BOOST_AUTO_TEST_CASE(ShardsUnderTheDigestOfOthersAreRefusedBehindTheLastRow) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 8);
  write_corpus(folder / "other", 7);
  Json index = read_json(folder / "other/index.json");
  index["digest"] = read_json(folder / "c/index.json")["digest"];
  write_file_atomically(folder / "other/index.json", index.dump());
  const CorpusReader reader(folder / "other");
  int rows = 0;
  BOOST_CHECK_EXCEPTION(reader.for_each([&](std::uint64_t, const Dialogue&) { ++rows; }), Error,
                        has("the digest of the rows is", ExitCode::kInput));
  BOOST_TEST(rows == 7);
}

BOOST_AUTO_TEST_CASE(LyingIndexIsRefused) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 8);
  const Json index = read_json(folder / "c/index.json");
  const auto refused = [&](const char* words, const std::function<void(Json&)>& change) {
    Json lie = index;
    change(lie);
    write_file_atomically(folder / "c/index.json", lie.dump());
    BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c").digest(), Error, has(words, ExitCode::kInput));
  };
  refused("says 9 rows", [](Json& i) { i["rows"] = 9; });
  refused("`rows` is missing", [](Json& i) { i.erase("rows"); });
  refused("`bytes` is missing or has the wrong type",
          [](Json& i) { i["shards"][0]["bytes"] = "many"; });
  refused("where index.json says", [](Json& i) {
    i["rows"] = 7;
    i["shards"][0]["rows"] = 7;
  });
  refused("digest", [](Json& i) { i["digest"] = std::string(64, '0'); });
  for (const double number : {-8.0, 8.5, 1e300}) {
    refused("`rows` is missing or has the wrong type",
            [&](Json& i) { i["shards"][0]["rows"] = number; });
  }
  // So many rows would be put in order before the shard is looked at.
  refused("and index.json says 4000000000 rows", [](Json& i) {
    i["rows"] = 4000000000;
    i["shards"][0]["rows"] = 4000000000;
  });
  refused("has shard `shard-00000.h5` twice", [](Json& i) {
    i["rows"] = 16;
    i["shards"].push_back(i["shards"][0]);
  });
  for (const char* name : {"../c/shard-00000.h5", "..", ".", "", "/etc/passwd"}) {
    refused("not a file name", [&](Json& i) { i["shards"][0]["file"] = name; });
  }
  refused("not a file name",
          [](Json& i) { i["shards"][0]["file"] = std::string("shard-00000.h5\0", 15); });
  refused("is of format 1; this arf reads format 2", [](Json& i) { i["version"] = 1; });
  refused("not the index of a corpus", [](Json& i) { i = Json::array(); });
  std::ofstream(folder / "c/index.json") << "{\"format\": ";
  BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c"), Error, has("not valid JSON", ExitCode::kInput));
}

// What a folder from elsewhere says is in it, is in it.
BOOST_AUTO_TEST_CASE(ShardThatIsALinkIsRefused) {
  const TemporaryFolder folder;
  write_corpus(folder / "c", 8);
  fs::rename(folder / "c/shard-00000.h5", folder / "outside.h5");
  fs::create_symlink("../outside.h5", folder / "c/shard-00000.h5");
  BOOST_CHECK_EXCEPTION(CorpusReader(folder / "c"), Error,
                        has("is a symbolic link", ExitCode::kInput));
  fs::create_directory_symlink(folder / "c", folder / "link");  // of the user's own
  fs::remove(folder / "c/shard-00000.h5");
  fs::rename(folder / "outside.h5", folder / "c/shard-00000.h5");
  BOOST_TEST(CorpusReader(folder / "link").rows() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
