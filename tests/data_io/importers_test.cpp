#include "data_io/importers.h"

#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "core/file.h"
#include "data_io/emotion3.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

const fs::path kData = ARF_PUBLIC_DATA;

void put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Imported {
  std::vector<Dialogue> rows;
  std::uint64_t records = 0, skipped = 0, other_split = 0;
  std::map<std::string, std::uint64_t> left_out;
  std::string digest;
};

Imported import_with(const ImportSettings& settings) {
  const TemporaryFolder folder;
  Imported result;
  {
    CorpusWriter writer(folder / "c");
    const ImportSink sink = import_files(settings, &writer);
    result = {{}, sink.records(), sink.skipped(), sink.other_split(), sink.left_out(), ""};
    writer.finish();
  }
  const CorpusReader reader(folder / "c");
  reader.for_each([&](std::uint64_t, const Dialogue& row) { result.rows.push_back(row); });
  result.digest = reader.digest();
  return result;
}

ImportSettings settings_of(const std::string& format, const fs::path& file) {
  ImportSettings settings;
  settings.format = format;
  settings.input = {file.string()};
  return settings;
}

Imported import_text(const std::string& format, const std::string& text,
                     const std::string& name = "in") {
  const TemporaryFolder folder;
  put(folder / name, text);
  return import_with(settings_of(format, folder / name));
}

void refused(const std::string& format, const std::string& text, const std::string& words) {
  BOOST_CHECK_EXCEPTION(import_text(format, text), Error, has(words, ExitCode::kInput));
}

// False, with a line that says so, where the public data is absent.
bool data_is_there() {
  if (fs::exists(kData)) return true;
  BOOST_TEST_MESSAGE("public data is absent: " << kData);
  std::fprintf(stderr, "the public data is not at %s: this test looks at nothing\n", kData.c_str());
  return false;
}

Imported import_public(const std::string& format, const std::string& file) {
  return import_with(settings_of(format, kData / file));
}

std::array<int, 3> classes(const Imported& imported) {
  std::array<int, 3> counts{};
  for (const Dialogue& row : imported.rows) {
    for (const Turn& turn : row.turns) {
      if (turn.satisfaction)
        counts[turn.satisfaction->bad == 1 ? 0 : turn.satisfaction->neutral == 1 ? 1 : 2]++;
    }
  }
  return counts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(importers_test)

BOOST_AUTO_TEST_CASE(Gsm8kWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("gsm8k", "gsm8k/train.jsonl.gz");
  BOOST_REQUIRE(got.rows.size() == 7473u);
  const Dialogue& row = got.rows[0];
  BOOST_TEST(row.id == "gsm8k-1");
  BOOST_TEST(row.source == "gsm8k");
  BOOST_TEST(row.task == "gsm8k");
  BOOST_TEST(row.provenance.file == "train.jsonl.gz");
  BOOST_TEST(got.rows[7472].provenance.row == 7473u);
  BOOST_TEST(row.turns[0].text.substr(0, 21) == "Natalia sold clips to");
  BOOST_TEST(row.turns[1].text ==
             "Natalia sold 48/2 = 24 clips in May.\nNatalia sold 48+24 = 72 clips "
             "altogether in April and May.\n#### 72");
  for (const Dialogue& each : got.rows)
    BOOST_REQUIRE(each.turns[1].text.find("<<") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(AlpacaWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("alpaca", "alpaca/alpaca_data_en.json.gz");
  BOOST_REQUIRE(got.rows.size() == 52002u);
  std::size_t empty = 0;
  for (const Dialogue& row : got.rows) empty += row.turns[1].text.empty();
  BOOST_TEST(empty == 49u);
  BOOST_TEST(got.rows[0].turns[0].text == "Give three tips for staying healthy.");
}

BOOST_AUTO_TEST_CASE(StrategyQaWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("strategyqa", "strategyqa/train.json.gz");
  BOOST_REQUIRE(got.rows.size() == 2061u);
  std::size_t yes = 0;
  for (const Dialogue& row : got.rows) yes += row.turns[1].text.substr(0, 5) == "Yes. ";
  BOOST_TEST(yes == 964u);
}

BOOST_AUTO_TEST_CASE(TopicalChatWhole) {
  if (!data_is_there()) return;
  for (const auto& [file, turns] :
       {std::pair("valid_freq", 11681u), {"valid_rare", 11692u}, {"test_freq", 11760u}}) {
    const Imported got =
        import_public("topical_chat", fmt::format("topical_chat/{}.json.gz", file));
    BOOST_TEST(got.rows.size() == 539u);
    std::size_t found = 0;
    for (const Dialogue& row : got.rows) found += row.turns.size();
    BOOST_TEST(found == turns);
    BOOST_TEST((got.rows[0].turns[0].role == TurnRole::kUser));
    BOOST_TEST((got.rows[0].turns[1].role == TurnRole::kAssistant));
  }
}

BOOST_AUTO_TEST_CASE(CnnDailyMailWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("cnn_dailymail", "cnn_dailymail/train_sample_100.csv.gz");
  BOOST_REQUIRE(got.rows.size() == 100u);
  BOOST_TEST(got.rows[0].turns[0].text.substr(0, 32) == "Summarize: By . Associated Press");
  BOOST_TEST(got.rows[0].turns[1].text.find(" .\nChurch members in Fargo") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(DailyDialogWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("dailydialog", "dailydialog/validation/dialogues.txt.gz");
  BOOST_TEST(got.rows.size() == 1000u);
  std::size_t turns = 0;
  for (const Dialogue& row : got.rows) turns += row.turns.size();
  BOOST_TEST(turns == 8069u);
  ImportSettings each =
      settings_of("dailydialog", kData / "dailydialog/validation/dialogues.txt.gz");
  each.utterances = true;
  const Imported labelled = import_with(each);
  BOOST_TEST(labelled.rows.size() == 8069u);
  BOOST_TEST(labelled.rows[0].task == "emotion3");
  const std::array<int, 3> wanted{79 + 77 + 11 + 3, 7108, 684 + 107};
  BOOST_TEST(classes(labelled) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(DailyDialogMisalignedLinesStopOrAreSkipped) {
  if (!data_is_there()) return;
  ImportSettings settings =
      settings_of("dailydialog", kData / "dailydialog/xdailydialog_1k/dialogues_text_En.txt.gz");
  BOOST_CHECK_EXCEPTION(
      import_with(settings), Error,
      has("dialogues_text_En.txt.gz:28: has 9 utterances and 10 emotions", ExitCode::kInput));
  settings.on_error = "skip";
  const Imported got = import_with(settings);
  BOOST_TEST(got.skipped == 6u);
  BOOST_TEST(got.rows.size() == 994u);
}

BOOST_AUTO_TEST_CASE(GoEmotionsWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("goemotions", "goemotions/original/train.tsv.gz");
  BOOST_TEST(got.records == 43410u);
  BOOST_TEST(got.rows.size() + got.left_out.at("labels of several classes") == 43410u);
  BOOST_TEST(got.rows.size() > 43410u - 7102u);
  BOOST_TEST((*got.rows[1].turns[0].satisfaction == Satisfaction{0, 1, 0}));  // neutral
  BOOST_TEST((*got.rows[2].turns[0].satisfaction == Satisfaction{1, 0, 0}));  // anger
  BOOST_TEST(import_public("goemotions", "goemotions/ekman/dev.tsv.gz").records == 5426u);
}

BOOST_AUTO_TEST_CASE(IsearWhole) {
  if (!data_is_there()) return;
  const Imported got = import_public("isear", "isear/isear.csv.gz");
  BOOST_TEST(got.records == 7666u);
  BOOST_TEST(got.rows.size() + got.left_out.at("no answer was given") == 7666u);
  BOOST_TEST(got.left_out.at("no answer was given") >= 199u);
  BOOST_TEST(got.left_out.at("no answer was given") < 300u);
  BOOST_TEST(
      got.rows[0].turns[0].text ==
      "During the period of falling in love, each time that we met and especially when we had not "
      "met for a long time.");
  for (const Dialogue& row : got.rows)
    BOOST_REQUIRE(row.turns[0].text.find("\u00e1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(Sentiment140Whole) {
  if (!data_is_there()) return;
  const Imported got = import_public("sentiment140", "sentiment140/sentiment140_sample_20k.csv.gz");
  BOOST_TEST(got.rows.size() == 20000u);
  const std::array<int, 3> wanted{9942, 0, 10058};
  BOOST_TEST(classes(got) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(LlamaFactoryPreferenceWhole) {
  if (!data_is_there()) return;
  for (const char* name : {"dpo_en_demo.json.gz", "dpo_zh_demo.json.gz"}) {
    const Imported got = import_public("preference", std::string("llamafactory_demo/") + name);
    BOOST_TEST(got.rows.size() == 300u);
    for (const Dialogue& row : got.rows) {
      BOOST_REQUIRE((row.rejected && row.turns.back().role == TurnRole::kAssistant));
    }
  }
}

BOOST_AUTO_TEST_CASE(MessagesWithSystemPartsAndEscapes) {
  const Imported got = import_text(
      "messages",
      R"({"messages":[{"role":"system","content":"S"},)"
      R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},)"
      R"({"role":"assistant","content":"\u00e9 \ud83d\ude00 \"q\" \\ \/ \n"}]})"
      "\n\n");
  BOOST_REQUIRE(got.rows.size() == 1u);
  BOOST_TEST(got.rows[0].system == "S");
  BOOST_TEST(got.rows[0].turns[0].text == "ab");
  BOOST_TEST(got.rows[0].turns[1].text == "\u00e9 \U0001F600 \"q\" \\ / \n");
}

BOOST_AUTO_TEST_CASE(PreferenceShapes) {
  const auto one = [](const std::string& line) {
    return import_text("preference", line).rows.at(0);
  };
  const Dialogue texts = one(R"({"prompt":"p","chosen":"c","rejected":"r"})");
  BOOST_TEST(texts.turns[0].text == "p");
  BOOST_TEST(texts.turns[1].text == "c");
  BOOST_TEST(*texts.rejected == "r");
  const std::string user = R"({"role":"user","content":"p"})";
  const auto reply = [](const char* text) {
    return fmt::format(R"({{"role":"assistant","content":"{}"}})", text);
  };
  const std::string sides =
      fmt::format(R"("chosen":[{0},{1}],"rejected":[{0},{2}])", user, reply("c"), reply("r"));
  const Dialogue implicit = one("{" + sides + "}");
  const Dialogue repeated = one(fmt::format(R"({{"prompt":"p",{}}})", sides));
  const Dialogue listed = one(fmt::format(R"({{"prompt":[{}],"chosen":[{}],"rejected":[{}]}})",
                                          user, reply("c"), reply("r")));
  for (const Dialogue& row : {implicit, repeated, listed}) BOOST_TEST((row == texts));
  refused("preference", R"({"chosen":"c","rejected":"r"})", "in:1: field `prompt` is missing");
  refused("preference", fmt::format(R"({{"prompt":"p","chosen":[{}],"rejected":"r"}})", user),
          "does not end with a reply");
}

BOOST_AUTO_TEST_CASE(MissingFieldNamesFileAndLine) {
  refused("gsm8k", "{\"question\":\"q\",\"answer\":\"a\"}\n\n{\"question\":\"q\"}\n",
          "in:3: field `answer` is missing");
  refused("gsm8k", "{\"question\":3,\"answer\":\"a\"}\n", "in:1: field `question` is not a text");
  refused("alpaca", "[\n {\"instruction\":\"q\",\n\"output\":\"a\"},\n\n {\"instruction\":\"q\"}]",
          "in:5: field `output` is missing");
  refused("strategyqa", "[{\"question\":\"q\",\"answer\":\"yes\"}]",
          "in:1: field `answer` is not true or false");
  refused("topical_chat", "{\"a\":{\"content\":[{\"message\":\"m\"}]}}",
          "in:1: field `agent` is missing");
  refused("messages", "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}",
          "in:1: role `tool` is none of");
  refused("cnn_dailymail", "id,article\n1,b\n", "in:1: column `highlights` is missing");
  refused("sentiment140", "0,1,d,f,u,t\n5,1,d,f,u,t\n", "in:2: target `5` is none of");
  refused("isear", "ID|SIT\n", "in:1: is not ISEAR's header");
}

BOOST_AUTO_TEST_CASE(TruncatedGzipIsRefused) {
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += fmt::format("{{\"question\":\"q{}\",\"answer\":\"{}\"}}\n", i, i * 7919);
  const std::string whole = gzip(text);
  BOOST_TEST(import_text("gsm8k", whole, "in.gz").rows.size() == 20000u);
  BOOST_TEST(import_text("gsm8k", whole, "in.jsonl").rows.size() == 20000u);  // told by content
  for (const std::size_t cut :
       {whole.size() - 1, whole.size() - 8, whole.size() / 2, std::size_t(40), std::size_t(11)}) {
    const TemporaryFolder folder;
    put(folder / "in.gz", whole.substr(0, cut));
    BOOST_CHECK_EXCEPTION(import_with(settings_of("gsm8k", folder / "in.gz")), Error,
                          has("in.gz: the gzip stream ends early after ", ExitCode::kInput));
  }
  std::string damaged = whole;
  damaged[damaged.size() - 6] ^= 1;  // the checksum
  BOOST_CHECK_EXCEPTION(import_text("gsm8k", damaged, "in.gz"), Error,
                        has("is damaged after", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(import_text("gsm8k", text, "in.gz"), Error,
                        has("no gzip file", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(InvalidUtf8NamesFileAndLineAndCanBeSkipped) {
  const std::string text =
      "{\"question\":\"q\",\"answer\":\"a\"}\n{\"question\":\"caf\xe9\",\"answer\":\"a\"}\n"
      "{\"question\":\"r\",\"answer\":\"a\"}\n";
  refused("gsm8k", text, "in:2: a turn's text is not UTF-8 at byte 3 (0xe9)");
  const TemporaryFolder folder;
  put(folder / "in", text);
  ImportSettings settings = settings_of("gsm8k", folder / "in");
  settings.on_error = "skip";
  const Imported got = import_with(settings);
  BOOST_TEST(got.rows.size() == 2u);
  BOOST_TEST(got.skipped == 1u);
  BOOST_TEST(got.rows[1].id == "gsm8k-3");  // ids do not move when a record is skipped
}

BOOST_AUTO_TEST_CASE(MalformedJsonIsRefusedWithItsLine) {
  refused("alpaca", "[{\"instruction\":\"a\"", "in:1: the file ends inside a record");
  refused("alpaca", "[{\"instruction\":\"a", "in:1: the file ends inside the string");
  refused("alpaca", "[\n{\"instruction\":\"a\",\"output\":\"\"}",
          "the file ends where a closing bracket is needed");
  refused("alpaca", "[{\"instruction\":\"a\",\"output\":\"\"} {}]", "`{` where a comma is needed");
  refused("alpaca", "[{\"instruction\":\"a\",\"output\":\"\"}] x", "more text after");
  refused("alpaca", "[{\"instruction\":[}]", "has `}` for `]`");
  refused("topical_chat", "[]", "not one JSON object");
  refused("topical_chat", "{\"a\" {}}", "a colon is needed");
  refused("gsm8k", "{\"question\":\"a\nb\"}",
          "in:1: is not valid JSON: the text ends inside a string");
  refused("gsm8k", "{\"question\":\"\\ud800\",\"answer\":\"\"}", "lone surrogate");
  refused("gsm8k", "{\"question\":\"\\x\"}", "unknown escape");
  refused("gsm8k", "{\"question\":01}", "a comma is needed");
  refused("gsm8k", "{\"a\":1,}", "a key in quotes");
  refused("gsm8k", std::string(3000, '['), "the file ends inside a record");
  refused("gsm8k", "{\"a\":" + std::string(3000, '[') + "\n", "nesting too deep");
  refused("cnn_dailymail", "article,highlights\n\"never closed,x\n\n", "in:2: a quote is opened");
}

BOOST_AUTO_TEST_CASE(RecordsMayCrossBlocks) {
  std::string list = "[", big(300000, 'x');
  for (int i = 0; i < 9; ++i) {
    list += fmt::format("{}\n{{\"instruction\":\"{}\\\\\\\"{}\",\"output\":\"{}\"}}", i ? "," : "",
                        big.substr(0, 262110 + i), i, i);
  }
  const Imported got = import_text("alpaca", list + "]\n");
  BOOST_REQUIRE(got.rows.size() == 9u);
  for (std::size_t i = 0; i < 9; ++i) {
    BOOST_TEST(
        (got.rows[i].turns[0].text == big.substr(0, 262110 + i) + "\\\"" + std::to_string(i)));
    BOOST_TEST(got.rows[i].provenance.row == i + 2);
  }
}

BOOST_AUTO_TEST_CASE(EmptyInputGivesNoCorpus) {
  for (const char* text : {"", "\n \n", "[]"}) refused("alpaca", text, "no rows");
}

BOOST_AUTO_TEST_CASE(LargestTextIsRefused) {
  refused("gsm8k", "{\"question\":\"" + std::string((16 << 20) + 1, 'a') + "\",\"answer\":\"\"}",
          "in:1: a turn's text has 16777217 bytes");
}

BOOST_AUTO_TEST_CASE(SplitsShareNoTextAndAreWhole) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    text += fmt::format("{{\"question\":\"{} {}\",\"answer\":\"{}\"}}\n",
                        i % 2 ? "What  is" : "what is", i / 2, i);
  }
  put(folder / "in", text);
  ImportSettings settings = settings_of("gsm8k", folder / "in");
  std::array<std::set<std::string>, 2> numbers;
  std::size_t rows = 0;
  for (const int side : {0, 1}) {
    settings.split = side ? "test" : "train";
    const Imported got = import_with(settings);
    rows += got.rows.size();
    BOOST_TEST(got.rows.size() + got.other_split == 2000u);
    for (const Dialogue& row : got.rows)
      numbers[side].insert(row.turns[0].text.substr(row.turns[0].text.rfind(' ')));
  }
  BOOST_TEST(rows == 2000u);
  BOOST_TEST(numbers[0].size() + numbers[1].size() == 1000u);  // no number on both sides
  BOOST_TEST(numbers[1].size() > 60u);
  BOOST_TEST(numbers[1].size() < 140u);
}

BOOST_AUTO_TEST_CASE(LimitTaskAndSeveralFiles) {
  const TemporaryFolder folder;
  put(folder / "a",
      "{\"question\":\"1\",\"answer\":\"a\"}\n{\"question\":\"2\",\"answer\":\"a\"}\n");
  put(folder / "b",
      "{\"question\":\"3\",\"answer\":\"a\"}\n{\"question\":\"4\",\"answer\":\"a\"}\n");
  ImportSettings settings = settings_of("gsm8k", folder / "a");
  settings.input.push_back((folder / "b").string());
  settings.limit = 3;
  settings.task = "sums";
  const Imported got = import_with(settings);
  BOOST_REQUIRE(got.rows.size() == 3u);
  BOOST_TEST(got.rows[2].id == "gsm8k-3");
  BOOST_TEST(got.rows[2].provenance.file == "b");
  BOOST_TEST(got.rows[2].provenance.row == 1u);
  BOOST_TEST(got.rows[0].task == "sums");
}

BOOST_AUTO_TEST_CASE(Emotion3Table) {
  BOOST_TEST(emotion_level(EmotionSet::kGoEmotions, "remorse") == 0.5);
  BOOST_TEST(emotion_level(EmotionSet::kGoEmotions, "admiration") == 3.0);
  BOOST_TEST(emotion_level(EmotionSet::kIsear, "guilt") == 0.5);
  BOOST_TEST(emotion_level(EmotionSet::kIsear, "surprise") < 0);
  BOOST_TEST(emotion_level(EmotionSet::kDailyDialog, "surprise") == 2.5);
  BOOST_TEST(emotion_level(EmotionSet::kGoEmotions, "") < 0);
  BOOST_TEST((satisfaction_of_level(1.0) == Satisfaction{1, 0, 0}));
  BOOST_TEST((satisfaction_of_level(1.5) == Satisfaction{0, 1, 0}));
  BOOST_TEST((satisfaction_of_level(2.0) == Satisfaction{0, 0, 1}));
}

BOOST_AUTO_TEST_SUITE_END()
