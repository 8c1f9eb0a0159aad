#include "roles/training_data.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "data_io/corpus.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(training_data_test)

namespace {

Tokenizer tokenizer() {
  TokenizerTrainer trainer(280);
  trainer.add("how do I boil an egg? in water, for eight minutes. thank you!");
  return trainer.train();
}

Dialogue dialogue(int number, const std::vector<std::string>& texts, bool scored = false) {
  Dialogue row;
  row.id = fmt::format("row-{}", number);
  row.source = row.task = "test";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Turn turn{i % 2 == 0 ? TurnRole::kUser : TurnRole::kAssistant, texts[i], {}, {}};
    if (scored && i % 2 == 1) turn.satisfaction = Satisfaction{0, 0, 1};
    row.turns.push_back(turn);
  }
  return row;
}

// One row of each kind: a lone message, an answered one, a scored one, a pair, a long one.
struct World {
  TemporaryFolder folder;
  Tokenizer words = tokenizer();
  ChatTemplate chat{words};
  TrainSettings settings;

  World() {
    CorpusWriter writer(folder.path() / "corpus");
    writer.add(dialogue(0, {"hello"}));
    writer.add(dialogue(1, {"how?", "so."}));
    writer.add(dialogue(2, {"why?", "because.", "thanks"}, true));
    Dialogue pair = dialogue(3, {"which?", "this."});
    pair.rejected = "that.";
    writer.add(pair);
    writer.add(dialogue(4, {"long?", "short.", std::string(400, 'x'), "end."}, true));
    writer.finish();
    settings.corpora = {(folder.path() / "corpus").string()};
    settings.batch = 4;
    settings.unit = 2;
  }
  TrainingData data(const std::string& method) {
    settings.method.name = method;
    return TrainingData(settings, chat, 120);
  }
};

std::set<std::uint64_t> rows_of(TrainingData data) {
  std::set<std::uint64_t> rows;
  for (std::int64_t iteration = 0; iteration < 5; ++iteration) {
    for (std::uint32_t unit = 0; unit < 2; ++unit) {
      for (const auto& member : data.unit(iteration, unit)) rows.insert(member.row);
    }
  }
  return rows;
}

// 0: it is not there.
std::size_t turns_of(const TrainingData& data, const std::string& id) {
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (data.dialogue(i).id == id) return data.dialogue(i).turns.size();
  }
  return 0;
}

using Rows = std::set<std::uint64_t>;

}  // namespace

BOOST_AUTO_TEST_CASE(EachMethodTakesTheRowsItCanUse) {
  World world;
  BOOST_TEST((rows_of(world.data("sft")) == Rows{1, 2, 4}));
  BOOST_TEST((rows_of(world.data("dpo")) == Rows{3}));
  BOOST_TEST((rows_of(world.data("ppo")) == Rows{0, 1, 2, 4}));
  BOOST_TEST((rows_of(world.data("tracebias")) == Rows{2, 4}));
}

BOOST_AUTO_TEST_CASE(TraceBiasStopsAtTheLastScoredReply) {
  World world;
  const TrainingData data = world.data("tracebias");
  BOOST_TEST(turns_of(data, "row-2") == 2u);
}

BOOST_AUTO_TEST_CASE(LongDialogueIsCutToTheTurnsThatFit) {
  World world;
  const TrainingData data = world.data("tracebias");
  BOOST_TEST(data.left_out().cut == 1u);
  BOOST_TEST(turns_of(data, "row-4") == 2u);
}

// As many have random numbers of their own, with a reply behind the last of them.
BOOST_AUTO_TEST_CASE(DialogueOfMoreTurnsThanCanBeSampledIsCutToThem) {
  World world;
  CorpusWriter writer(world.folder.path() / "talkers");
  const std::vector<std::string> texts(65538);
  writer.add(dialogue(0, texts, true));
  Dialogue late = dialogue(1, texts);
  late.turns.back().satisfaction = Satisfaction{0, 0, 1};
  writer.add(late);
  writer.finish();
  world.settings.corpora = {(world.folder.path() / "talkers").string()};
  const auto lengths = [&](const std::string& method) {
    world.settings.method.name = method;
    const TrainingData data(world.settings, world.chat, 1 << 30);
    std::multiset<std::size_t> turns;
    for (std::size_t i = 0; i < data.rows(); ++i) turns.insert(data.dialogue(i).turns.size());
    BOOST_TEST(data.left_out().cut == (method == "sft" ? 0 : data.rows()));
    return turns;
  };
  using Lengths = std::multiset<std::size_t>;
  BOOST_TEST((lengths("ppo") == Lengths{65535, 65535}));
  BOOST_TEST((lengths("tracebias") == Lengths{65535}));
  BOOST_TEST((lengths("sft") == Lengths{65538, 65538}));
}

BOOST_AUTO_TEST_CASE(PairsTrainSftWhereThereIsNothingElse) {
  World world;
  CorpusWriter writer(world.folder.path() / "pairs");
  Dialogue pair = dialogue(7, {"which?", "this."});
  pair.rejected = "that.";
  writer.add(pair);
  writer.finish();
  world.settings.corpora = {(world.folder.path() / "pairs").string()};
  BOOST_TEST(world.data("sft").rows() == 1u);
}

BOOST_AUTO_TEST_CASE(CorpusWithoutUsableRowsSaysWhatIsMissing) {
  World world;
  CorpusWriter writer(world.folder.path() / "bare");
  writer.add(dialogue(1, {"how?", "so."}));
  writer.finish();
  world.settings.corpora = {(world.folder.path() / "bare").string()};
  BOOST_CHECK_EXCEPTION(world.data("tracebias"), Error, [](const Error& error) {
    return error.code() == ExitCode::kInput &&
           std::string(error.what()).find("arf label") != std::string::npos;
  });
  BOOST_CHECK_EXCEPTION(world.data("dpo"), Error, [](const Error& error) {
    return std::string(error.what()).find("arf augment") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(EveryEpochVisitsEveryRowOnce) {
  World world;
  world.settings.batch = 3;
  world.settings.unit = 1;
  TrainingData data = world.data("sft");  // three rows
  for (std::int64_t epoch = 0; epoch < 4; ++epoch) {
    Rows rows;
    for (std::uint32_t unit = 0; unit < 3; ++unit) rows.insert(data.unit(epoch, unit).at(0).row);
    BOOST_TEST(rows.size() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(PairSharesItsContext) {
  World world;
  TrainingData data = world.data("dpo");
  const StoredSample sample = data.stored_unit(0, 0).at(0);
  const auto& chosen = sample.chosen.replies.back();
  const auto& rejected = sample.rejected.replies.back();
  BOOST_TEST(chosen.begin == rejected.begin);
  BOOST_TEST((std::equal(sample.chosen.tokens.begin(), sample.chosen.tokens.begin() + chosen.begin,
                         sample.rejected.tokens.begin())));
  BOOST_TEST((sample.chosen.tokens != sample.rejected.tokens));
}

BOOST_AUTO_TEST_CASE(PretrainingScoresEveryTokenButTheFirst) {
  World world;
  world.settings.train_on = "all";
  TrainingData data = world.data("sft");
  const StoredSample sample = data.stored_unit(0, 0).at(0);
  BOOST_TEST(sample.chosen.replies.size() == 1u);
  BOOST_TEST(sample.chosen.replies[0].begin == 1u);
  BOOST_TEST(sample.chosen.replies[0].end == sample.chosen.tokens.size());
}

BOOST_AUTO_TEST_SUITE_END()
