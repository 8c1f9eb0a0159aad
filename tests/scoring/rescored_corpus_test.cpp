#include "scoring/rescored_corpus.h"

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

BOOST_AUTO_TEST_SUITE(rescored_corpus_test)

BOOST_AUTO_TEST_CASE(ScoresGoToTheirTurnsAndOlderOnesToHistory) {
  const TemporaryFolder folder;
  Dialogue with_history = feedback_row(2);
  with_history.turns[1].history = {one_hot(1)};
  const std::vector<Dialogue> rows = {labelled_text(0), feedback_row(1), with_history};
  write_corpus(folder / "from", rows);
  auto messages = read_feedback(small_scorer(), (folder / "from").string(), 1);
  BOOST_REQUIRE(messages.size() == 2u);
  messages[1].history = {messages[1].stored, {0.5f, 0.5f, 0}};
  messages[1].stored = {0.25f, 0.25f, 0.5f};
  std::filesystem::create_directories(folder / "to");  // what a killed run left
  const std::string from_digest = CorpusReader(folder / "from").digest();
  const std::string digest =
      write_rescored_corpus(folder / "from", from_digest, folder / "to", messages, "a hash");
  BOOST_CHECK_EXCEPTION(
      write_rescored_corpus(folder / "to", from_digest, folder / "too", messages, "a hash"), Error,
      [](const Error& error) { return error.code() == ExitCode::kInput; });
  const auto again = rows_of(folder / "to");
  BOOST_REQUIRE(again.size() == 3u);
  BOOST_TEST((again[0] == rows[0]));
  BOOST_TEST((again[1] == rows[1]));
  const Turn& turn = again[2].turns[1];
  BOOST_TEST((*turn.satisfaction == Satisfaction{0.25f, 0.25f, 0.5f}));
  BOOST_TEST((turn.history == std::vector<Satisfaction>{
                                  one_hot(1), *rows[2].turns[1].satisfaction, {0.5f, 0.5f, 0}}));
  const CorpusReader reader(folder / "to");
  BOOST_TEST(reader.digest() == digest);
  BOOST_TEST(reader.index()["about"]["rescored_by"]["scorer_digest"] == "a hash");
}

BOOST_AUTO_TEST_SUITE_END()
