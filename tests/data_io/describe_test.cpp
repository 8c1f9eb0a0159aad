#include "data_io/describe.h"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <fstream>

#include "core/file.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/run_directory.h"
#include "data_io/safetensors.h"
#include "data_io/state_store.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string weights(std::int64_t rows) {
  static const std::vector<float> values(64, 1.5f);
  const std::span<const float> part(values.data(), static_cast<std::size_t>(rows) * 2);
  return safetensors_bytes({{"w", "F32", {rows, 2}, std::as_bytes(part)}});
}

void write_small_corpus(const fs::path& path) {
  CorpusWriter writer(path);
  for (int i = 0; i < 5; ++i) {
    Dialogue row;
    row.id = std::to_string(i);
    row.source = i < 2 ? "a" : "b";
    row.task = "t";
    row.turns = {{TurnRole::kUser,
                  "hello",
                  i < 3 ? std::optional(Satisfaction{0.2f, 0.2f, 0.6f}) : std::nullopt,
                  {}},
                 {TurnRole::kAssistant, "hi", Satisfaction{1, 0, 0}, {{0, 0, 1}}}};
    if (i == 4) row.rejected = "no";
    writer.add(row);
  }
  writer.finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(describe_test)

BOOST_AUTO_TEST_CASE(CorpusAndItsShard) {
  const TemporaryFolder folder;
  write_small_corpus(folder / "c");
  const Json corpus = describe(folder / "c");
  BOOST_TEST(corpus["kind"] == "corpus");
  BOOST_TEST(corpus["digest"] == CorpusReader(folder / "c").digest());
  BOOST_TEST(corpus["rows"] == 5);
  BOOST_TEST(corpus["turns"] == 10);
  BOOST_TEST(corpus["preference_pairs"] == 1);
  BOOST_TEST(corpus["sources"] == Json({{"b", 3}, {"a", 2}}));
  BOOST_TEST(corpus["user_satisfaction"] ==
             Json({{"bad", 0}, {"neutral", 0}, {"good", 3}, {"none", 2}}));
  BOOST_TEST(corpus["rescored_turns"] == 5);
  const auto first_rows = [&](const char* path, std::uint64_t count) {
    std::string ids;
    for_first_rows(folder / path, count, [&](const Dialogue& row) { ids += row.id; });
    return ids;
  };
  BOOST_TEST(first_rows("c", 2) == "01");
  BOOST_TEST(first_rows("c", 6) == "01234");
  BOOST_TEST(first_rows("c/shard-00000.h5", 3) == "012");
  const Json shard = describe(folder / "c/shard-00000.h5");
  BOOST_TEST(shard["kind"] == "shard");
  BOOST_TEST(shard["digest"] == corpus["digest"]);  // it holds all rows
  // A fill value has no checksum of its own: the index's finds it, where the shard lies beside it.
  std::string image = read_file(folder / "c/shard-00000.h5");
  image[image.size() / 2] ^= 1;
  put(folder / "c/shard-00000.h5", image);
  BOOST_CHECK_EXCEPTION(describe(folder / "c/shard-00000.h5"), Error,
                        has("its checksum is not the one in index.json", ExitCode::kInput));
  BOOST_TEST(shard["rows"] == 5);
}

BOOST_AUTO_TEST_CASE(AdapterModelScorerAndTokenizer) {
  const TemporaryFolder folder;
  put(folder / "a/adapter_config.json", "{\"r\": 8}");
  put(folder / "a/adapter_model.safetensors", weights(4));
  put(folder / "m/config.json", "{\"model_type\": \"qwen2\"}");
  put(folder / "m/model.safetensors", weights(3));
  put(folder / "s/config.json", "{\"model_type\": \"roberta\"}");
  put(folder / "s/model.safetensors", weights(3));
  put(folder / "t/tokenizer.json",
      R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}})");
  const Json adapter = describe(folder / "a");
  BOOST_TEST(adapter["kind"] == "adapter");
  BOOST_TEST(adapter["digest"] == sha256_hex(weights(4)));
  BOOST_TEST(adapter["parameters"] == 8);
  BOOST_TEST(describe(folder / "m")["kind"] == "model");
  BOOST_TEST(describe(folder / "m")["digest"] == sha256_hex(weights(3)));
  BOOST_TEST(describe(folder / "s")["kind"] == "scorer");
  for (const char* path : {"t", "t/tokenizer.json"}) {
    BOOST_TEST(describe(folder / path)["kind"] == "tokenizer");
    BOOST_TEST(describe(folder / path)["vocabulary"] == 2);
  }
  BOOST_TEST(describe(folder / "m/model.safetensors")["kind"] == "safetensors");
}

BOOST_AUTO_TEST_CASE(RunHasTheDigestOfWhatItMade) {
  const TemporaryFolder folder;
  RunDirectory run(folder / "r", "train", "", "", "auto");
  put(folder / "r/adapter/adapter_model.safetensors", weights(4));
  put(folder / "r/checkpoints/000010/DONE", "");
  put(folder / "r/checkpoints/000020/half", "");
  run.finish(0);
  const Json made = describe(folder / "r");
  BOOST_TEST(made["kind"] == "run");
  BOOST_TEST(made["digest"] == sha256_hex(weights(4)));
  BOOST_TEST(made["checkpoints"] == Json({"000010"}));
  BOOST_TEST(made["manifest"]["command"] == "train");
  BOOST_TEST(describe(folder / "r/checkpoints/000010")["kind"] == "checkpoint");
}

BOOST_AUTO_TEST_CASE(OfManyNamesTheMostFrequentAreShown, *boost::unit_test::timeout(20)) {
  const TemporaryFolder folder;
  constexpr int kNames = 80'000;
  CorpusWriter writer(folder / "c");
  for (int i = 0; i < kNames + 2; ++i) {
    Dialogue row;
    row.id = std::to_string(i);
    row.source = i < kNames ? "source " + row.id : "frequent";
    row.task = "t";
    row.turns = {{TurnRole::kUser, "hello", {}, {}}};
    writer.add(row);
  }
  writer.finish();
  const Json corpus = describe(folder / "c");
  BOOST_TEST(corpus["sources"].size() == 32u);
  BOOST_TEST(corpus["sources"].begin().key() == "frequent");
  BOOST_TEST(corpus["sources"]["frequent"] == 2);
  BOOST_TEST(corpus["sources_not_shown"] == Json({{"names", kNames - 31}, {"rows", kNames - 31}}));
  BOOST_TEST(!corpus.contains("tasks_not_shown"));
}

BOOST_AUTO_TEST_CASE(CheckpointIsCompleteWhereItsHashesHold) {
  const TemporaryFolder folder;
  SavedState state;
  state.arrays["parameters"] = {1, 2, 3};
  state.numbers["next"] = 4;
  state.sums["loss"] = 0.5;
  StateStore(folder.path()).write(7, state);
  const fs::path path = folder / "step-000000007";
  BOOST_TEST(describe(path)["complete"] == true);
  for (const char* name : {"state.safetensors", "state.json"}) {
    const std::string whole = read_file(path / name);
    std::string bytes = whole;
    bytes[bytes.size() - 8] ^= 1;
    put(path / name, bytes);
    BOOST_TEST(describe(path)["complete"] == false, name);
    put(path / name, whole);
  }
  fs::remove(path / "state.json");
  BOOST_TEST(describe(path)["complete"] == false);
}

BOOST_AUTO_TEST_CASE(NamesThatAreNotUtf8AreShownEscaped) {
  const TemporaryFolder folder;
  put(folder / "r/manifest.json", R"({"format": "arf-run"})");
  put(folder / "r/checkpoints/step-\xff/DONE", "");
  put(folder / "r/checkpoints/step-\xff/\xfe", "");
  BOOST_TEST(describe(folder / "r")["checkpoints"] == Json({"step-\\xff"}));
  BOOST_TEST(describe(folder / "r/checkpoints/step-\xff")["files"].contains("\\xfe"));
}

BOOST_AUTO_TEST_CASE(EmptyTensorOfAnyOtherLengthsHasNoParameters) {
  const TemporaryFolder folder;
  constexpr std::int64_t kMost = 1ll << 48;
  put(folder / "w.safetensors", safetensors_bytes({{"w", "F32", {kMost, kMost, 0}, {}}}));
  BOOST_TEST(describe(folder / "w.safetensors")["parameters"] == 0);
}

BOOST_AUTO_TEST_CASE(WhatIsNotOursIsAnInputError) {
  const TemporaryFolder folder;
  put(folder / "x/readme", "hello");
  put(folder / "y/index.json", "{}");
  put(folder / "z.h5", std::string("\x89HDF\r\n\x1a\n", 8) + std::string(100, 'x'));
  const auto refused = [&](const char* name, const char* words) {
    BOOST_CHECK_EXCEPTION(describe(folder / name), Error, has(words, ExitCode::kInput));
  };
  refused("nothing", "no such file");
  refused("x", "is none of corpus, run");
  refused("x/readme", "is no file of arf");
  refused("y", "not the index of a corpus");
  refused("z.h5", "not an HDF5 file");
}

BOOST_AUTO_TEST_CASE(NoTextReachesATerminalRaw) {
  BOOST_TEST(printable("a\x1b[31m\r\n\t\x7f") == "a\\x1b[31m\\r\\n\\t\\x7f");
  BOOST_TEST(printable("\u0085\u202e\u2028\u200b") == "\\u0085\\u202e\\u2028\\u200b");
  BOOST_TEST(printable("\u00e9\u4e2d\U0001F600") == "\u00e9\u4e2d\U0001F600");
  BOOST_TEST(printable("a\xff\xc3") == "a\\xff\\xc3");
  BOOST_TEST(printable("ab\u00e9cd", 3) == "ab…");  // never half a character
  BOOST_TEST(printable("abc", 3) == "abc");
  BOOST_TEST(for_terminal("a\x1b[31m\r\n\t\x7f\u009b\xff") == "a\\x1b[31m\\r\n\t\\x7f\\u009b\\xff");
  BOOST_TEST(for_terminal("\u200d\u202e\u2028\u00e9") == "\u200d\u202e\u2028\u00e9");
}

BOOST_AUTO_TEST_SUITE_END()
