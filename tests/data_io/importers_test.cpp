#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "core/file.h"
#include "data_io/emotion3.h"
#include "tests/data_io/import_helpers.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

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

}  // namespace

BOOST_AUTO_TEST_SUITE(importers_test)

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

BOOST_AUTO_TEST_CASE(TruncatedGzipIsRefusedWhateverReadsIt) {
  std::string session, list = "[";
  for (int i = 0; i < 3000; ++i) {
    session += fmt::format("USER\t{}\t\t3\nSYSTEM\t{}\t\t\n\n", i * 7919, i);
    list += fmt::format("{}{{\"from\":\"user\",\"value\":\"{}\"}}", i ? "," : "", i * 7919);
  }
  for (const auto& [format, text] : {std::pair("user_satisfaction", session),
                                     {"sharegpt", list},
                                     {"convai2", list},
                                     {"hh_rlhf", "{\"chosen\":" + list}}) {
    const std::string whole = gzip(text);
    BOOST_CHECK_EXCEPTION(import_text(format, whole.substr(0, whole.size() / 2), "in.gz"), Error,
                          has("", ExitCode::kInput));
    BOOST_CHECK_EXCEPTION(import_text(format, whole.substr(0, whole.size() - 4), "in.gz", "skip"),
                          Error, has("", ExitCode::kInput));
  }
  BOOST_CHECK_EXCEPTION(
      import_text("user_satisfaction", gzip(session).substr(0, 4000), "in.gz", "skip"), Error,
      has("in.gz: the gzip stream ends early after ", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(WhatFollowsAGzipMemberIsReadOrRefused) {
  const std::string row = "{\"question\":\"q\",\"answer\":\"1\"}\n";
  const std::string member = gzip(row), zeros(600000, '\0');
  BOOST_TEST(import_text("gsm8k", member + member + gzip("") + zeros, "in.gz").rows.size() == 2u);
  const auto is_refused = [&](const std::string& tail, const std::string& words) {
    BOOST_CHECK_EXCEPTION(import_text("gsm8k", member + tail, "in.gz"), Error,
                          has(words, ExitCode::kInput));
  };
  const std::string damaged = fmt::format("is damaged after {} bytes (", row.size());
  is_refused("garbage", damaged + "what follows is no gzip)");
  is_refused(zeros + "x", damaged + "what follows is no gzip)");
  is_refused(zeros + member, damaged + "what follows is no gzip)");
  is_refused("\x1e" + member.substr(1), damaged);
  is_refused("\x1f\x8a" + member.substr(2), damaged);
  is_refused(member.substr(0, 1), "the gzip stream ends early after");
}

BOOST_AUTO_TEST_CASE(RecordWithAStrayQuoteCanBeSkipped) {
  const TemporaryFolder folder;
  put(folder / "in.csv", "0,1,2,3,4,bad\n4,1,2,3,4,\"he\" said\n4,1,2,3,4,good\n");
  ImportSettings settings = settings_of("sentiment140", folder / "in.csv");
  BOOST_CHECK_EXCEPTION(import_with(settings), Error,
                        has("in.csv:2: text after a closing quote in field 6", ExitCode::kInput));
  settings.on_error = "skip";
  const Imported got = import_with(settings);
  BOOST_TEST(got.rows.size() == 2u);
  BOOST_TEST(got.skipped == 1u);
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
  refused("alpaca", "[{\"instruction\":\"aaaaaaaa\x01\",\"output\":\"\"}]",
          "in:1: is not valid JSON: a control character must be escaped");
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

BOOST_AUTO_TEST_CASE(IsearsAnswersWithoutAnEventAreLeftOut) {
  const auto line = [](const std::string& emotion, const std::string& text) {
    std::string fields;
    for (int i = 1; i <= 43; ++i)
      fields += (i > 1 ? "|" : "") + (i == 37 ? emotion : i == 41 ? text : std::string("x"));
    return fields + "\n";
  };
  std::string text = line("Field1", "SIT");
  for (const char* answer : {"[ No response.]", "NO RESPONSE.", "None.", "Nothing",
                             "Not applicable.", "Do not remember.", "[ Never.]", ""})
    text += line("joy", answer);
  text += line("joy", "None of them | went\u00e1 home.") + line("fear", "Nothing moved.");
  const Imported got = import_text("isear", text);
  BOOST_REQUIRE(got.rows.size() == 2u);
  BOOST_TEST(got.rows[0].turns[0].text == "None of them | went home.");
  BOOST_TEST(got.left_out.at("no answer was given") == 8u);
}

BOOST_AUTO_TEST_CASE(OfASkippedRecordNoRowIsKept) {
  const TemporaryFolder folder;
  std::ofstream(folder / "dialogues.txt", std::ios::binary)
      << "one __eou__ two __eou__\nthree __eou__ caf\xe9 __eou__\nfour __eou__ five __eou__\n";
  std::ofstream(folder / "dialogues_emotion.txt") << "0 4\n0 4\n0 4\n";
  ImportSettings settings = settings_of("dailydialog", folder / "dialogues.txt");
  settings.utterances = true;
  settings.on_error = "skip";
  const Imported result = import_with(settings);
  BOOST_TEST(result.skipped == 1u);
  BOOST_REQUIRE(result.rows.size() == 4u);
  BOOST_TEST(result.rows[2].turns[0].text == "four");
  settings.limit = 3;  // in the middle of a record
  BOOST_TEST(import_with(settings).rows.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
