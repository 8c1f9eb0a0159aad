// The real files of the public data sets, whole: counts and labels as their README has them.
#include "tests/data_io/public_data.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "tests/data_io/import_helpers.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

Imported import_public(const std::string& format, const std::string& file) {
  return import_with(settings_of(format, kPublicData / file));
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

BOOST_AUTO_TEST_SUITE(public_data_test)

BOOST_AUTO_TEST_CASE(Gsm8kWhole) {
  if (!public_data_is_there()) return;
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
  if (!public_data_is_there()) return;
  const Imported got = import_public("alpaca", "alpaca/alpaca_data_en.json.gz");
  BOOST_REQUIRE(got.rows.size() == 52002u);
  std::size_t empty = 0;
  for (const Dialogue& row : got.rows) empty += row.turns[1].text.empty();
  BOOST_TEST(empty == 49u);
  BOOST_TEST(got.rows[0].turns[0].text == "Give three tips for staying healthy.");
}

BOOST_AUTO_TEST_CASE(StrategyQaWhole) {
  if (!public_data_is_there()) return;
  const Imported got = import_public("strategyqa", "strategyqa/train.json.gz");
  BOOST_REQUIRE(got.rows.size() == 2061u);
  std::size_t yes = 0;
  for (const Dialogue& row : got.rows) yes += row.turns[1].text.substr(0, 5) == "Yes. ";
  BOOST_TEST(yes == 964u);
}

BOOST_AUTO_TEST_CASE(TopicalChatWhole) {
  if (!public_data_is_there()) return;
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
  if (!public_data_is_there()) return;
  const Imported got = import_public("cnn_dailymail", "cnn_dailymail/train_sample_100.csv.gz");
  BOOST_REQUIRE(got.rows.size() == 100u);
  BOOST_TEST(got.rows[0].turns[0].text.substr(0, 32) == "Summarize: By . Associated Press");
  BOOST_TEST(got.rows[0].turns[1].text.find(" .\nChurch members in Fargo") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(DailyDialogWhole) {
  if (!public_data_is_there()) return;
  const Imported got = import_public("dailydialog", "dailydialog/validation/dialogues.txt.gz");
  BOOST_TEST(got.rows.size() == 1000u);
  std::size_t turns = 0;
  for (const Dialogue& row : got.rows) turns += row.turns.size();
  BOOST_TEST(turns == 8069u);
  ImportSettings each =
      settings_of("dailydialog", kPublicData / "dailydialog/validation/dialogues.txt.gz");
  each.utterances = true;
  const Imported labelled = import_with(each);
  BOOST_TEST(labelled.rows.size() == 8069u);
  BOOST_TEST(labelled.rows[0].task == "emotion3");
  const std::array<int, 3> wanted{79 + 77 + 11 + 3, 7108, 684 + 107};
  BOOST_TEST(classes(labelled) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(DailyDialogMisalignedLinesStopOrAreSkipped) {
  if (!public_data_is_there()) return;
  ImportSettings settings = settings_of(
      "dailydialog", kPublicData / "dailydialog/xdailydialog_1k/dialogues_text_En.txt.gz");
  BOOST_CHECK_EXCEPTION(
      import_with(settings), Error,
      has("dialogues_text_En.txt.gz:28: has 9 utterances and 10 emotions", ExitCode::kInput));
  settings.on_error = "skip";
  const Imported got = import_with(settings);
  BOOST_TEST(got.skipped == 6u);
  BOOST_TEST(got.rows.size() == 994u);
}

BOOST_AUTO_TEST_CASE(GoEmotionsWhole) {
  if (!public_data_is_there()) return;
  const Imported got = import_public("goemotions", "goemotions/original/train.tsv.gz");
  BOOST_TEST(got.records == 43410u);
  BOOST_TEST(got.rows.size() + got.left_out.at("labels of several classes") == 43410u);
  BOOST_TEST(got.rows.size() > 43410u - 7102u);
  BOOST_TEST((*got.rows[1].turns[0].satisfaction == Satisfaction{0, 1, 0}));  // neutral
  BOOST_TEST((*got.rows[2].turns[0].satisfaction == Satisfaction{1, 0, 0}));  // anger
  BOOST_TEST(import_public("goemotions", "goemotions/ekman/dev.tsv.gz").records == 5426u);
}

BOOST_AUTO_TEST_CASE(IsearWhole) {
  if (!public_data_is_there()) return;
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
  if (!public_data_is_there()) return;
  const Imported got = import_public("sentiment140", "sentiment140/sentiment140_sample_20k.csv.gz");
  BOOST_TEST(got.rows.size() == 20000u);
  const std::array<int, 3> wanted{9942, 0, 10058};
  BOOST_TEST(classes(got) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(LlamaFactoryPreferenceWhole) {
  if (!public_data_is_there()) return;
  for (const char* name : {"dpo_en_demo.json.gz", "dpo_zh_demo.json.gz"}) {
    const Imported got = import_public("preference", std::string("llamafactory_demo/") + name);
    BOOST_TEST(got.rows.size() == 300u);
    for (const Dialogue& row : got.rows) {
      BOOST_REQUIRE((row.rejected && row.turns.back().role == TurnRole::kAssistant));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
