#include "scoring/examples.h"

#include <cmath>
#include <set>

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(examples_test)

BOOST_AUTO_TEST_CASE(ATextIsOnOneSideWhateverCorpusItStandsIn) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  std::vector<Dialogue> rows;
  for (std::uint64_t i = 0; i < 400; ++i) rows.push_back(labelled_text(i));
  write_corpus(folder / "one", rows);
  std::reverse(rows.begin(), rows.end());
  write_corpus(folder / "two", rows);
  const auto both = {(folder / "one").string(), (folder / "two").string()};
  const ExampleSet set = read_labelled_texts(scorer, both, 2);
  BOOST_TEST(set.training.size() + set.validation.size() + set.test.size() == 800u);
  const auto texts = [](const std::vector<Example>& examples) {
    std::set<std::vector<std::int32_t>> all;
    for (const Example& example : examples) all.insert(example.text.tokens);
    return all;
  };
  const auto training = texts(set.training), validation = texts(set.validation);
  for (const auto& text : validation) BOOST_TEST(!training.contains(text));
  for (const auto& text : texts(set.test)) {
    BOOST_TEST(!training.contains(text));
    BOOST_TEST(!validation.contains(text));
  }
}

BOOST_AUTO_TEST_CASE(ATwentiethValidatesAndATwentiethTests) {
  std::array<int, 3> counts{};
  for (int i = 0; i < 20000; ++i) {
    ++counts[static_cast<std::size_t>(side_of({"", "text " + std::to_string(i)}))];
  }
  BOOST_TEST(std::abs(counts[1] - 1000) < 100);  // three deviations
  BOOST_TEST(std::abs(counts[2] - 1000) < 100);
}

BOOST_AUTO_TEST_CASE(ACorpusWithoutLabelsIsRefusedByName) {
  const TemporaryFolder folder;
  Dialogue row = labelled_text(0);
  row.turns[0].satisfaction.reset();
  write_corpus(folder / "corpus", {row});
  const std::string path = (folder / "corpus").string();
  BOOST_CHECK_EXCEPTION(read_labelled_texts(small_scorer(), {path}, 1), Error,
                        has("no user's turn has a satisfaction", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(read_feedback(small_scorer(), path, 1), Error,
                        has("no response has a satisfaction", ExitCode::kInput));
}

// Texts that a cleaning would take out: they are framed, trained on and scored as any.
BOOST_AUTO_TEST_CASE(EmptyEndlessAndWordlessTextsAreTextsToo) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  std::vector<Dialogue> rows;
  const std::vector<std::string> texts = {"", "😀👍🏽❤️🇫🇷",
                                          std::string(100000, 'z'), " \n ", "\xef\xbb\xbf"};
  for (std::size_t i = 0; i < 5 * texts.size(); ++i) {
    rows.push_back(labelled_text(i));
    rows.back().turns[0].text = texts[i % texts.size()];
  }
  for (const char* part : {"train", "validation", "test"}) write_corpus(folder / part, rows);
  const ExampleSet set = read_labelled_texts(scorer, {folder.path().string()}, 2);
  BOOST_TEST(set.training.size() == rows.size());
  for (const Example& example : set.training) {
    const auto length = static_cast<std::int64_t>(example.text.tokens.size());
    BOOST_TEST((length > 0 && length <= scorer.encoder().max_tokens()));
  }
  const Measures m = measure_scorer(scorer, set.training, 2);
  BOOST_TEST((std::isfinite(m.loss) && m.count == rows.size()));
}

BOOST_AUTO_TEST_CASE(FeedbackIsEveryLabelledResponseWithItsPromptInOrder) {
  const TemporaryFolder folder;
  const Scorer scorer = small_scorer();
  Dialogue row = feedback_row(0);
  row.turns.push_back({TurnRole::kAssistant, "the answer", std::nullopt, {}});
  row.turns.push_back({TurnRole::kUser, "what was it", std::nullopt, {}});
  row.turns.push_back({TurnRole::kAssistant, "a great help", Satisfaction{0.2f, 0.3f, 0.5f}, {}});
  write_corpus(folder / "corpus", {labelled_text(5), row});
  const auto messages = read_feedback(scorer, (folder / "corpus").string(), 1);
  BOOST_REQUIRE(messages.size() == 2u);
  BOOST_TEST(messages[0].row == 1u);
  BOOST_TEST(messages[0].turn == 1u);
  BOOST_TEST(messages[1].turn == 5u);
  BOOST_TEST((messages[1].example.text == scorer.frame({"what was it", "a great help"})));
  BOOST_TEST((messages[1].stored == Satisfaction{0.2f, 0.3f, 0.5f}));
  BOOST_TEST(messages[0].held == is_held_out({"what to say", row.turns[1].text}));
}

BOOST_AUTO_TEST_SUITE_END()
