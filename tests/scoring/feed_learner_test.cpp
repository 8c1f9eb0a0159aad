#include "scoring/feed_learner.h"

#include "scoring/feedback_tracker.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

// Messages first .. last - 1, every second with its satisfaction said.
std::vector<Feedback> feedback(std::uint64_t first, std::uint64_t last) {
  std::vector<Feedback> all;
  for (std::uint64_t i = first; i < last; ++i) {
    const auto [text, c] = toy_text(i);
    Feedback message{"what to say", text, text, {}};
    if (i % 2 == 0) message = {"what to say", text, "", one_hot(c)};
    all.push_back(message);
  }
  return all;
}

FeedSettings quick_settings() {
  FeedSettings settings;
  settings.learning_rate = 1e-2;
  settings.batch = 8;
  return settings;
}

struct World {
  explicit World(int threads = 1, FeedSettings settings = quick_settings())
      : learner(&scorer, &reader, toy_examples(scorer, 5000, 5100).training, settings, 1, threads) {
  }
  Scorer scorer = small_scorer(), reader = stirred_scorer(2);
  FeedLearner learner;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_learner_test)

// The same bits whatever number of threads, and portions are met in the steps' order.
BOOST_AUTO_TEST_CASE(APortionIsLearntInStepsOfItsOwn) {
  World one, two(2);
  for (const auto& [first, last] : {std::pair{0, 20}, {20, 21}, {21, 60}}) {
    const auto learnt = one.learner.learn(feedback(first, last));
    BOOST_TEST(learnt.messages == std::uint64_t(last - first));
    BOOST_TEST(learnt.steps - learnt.replays == (last - first + 7) / 8);
    two.learner.learn(feedback(first, last));
  }
  BOOST_TEST(one.learner.version().number == 60u);
  BOOST_TEST((one.learner.version() == two.learner.version()));
  BOOST_TEST(one.scorer.hash() == two.scorer.hash());
  BOOST_TEST(one.scorer.hash() != small_scorer().hash());
}

// The step and the replays are those of `track`.
BOOST_AUTO_TEST_CASE(OnePortionIsWhatTrackMakesOfIt) {
  World world;
  const auto learnt = world.learner.learn(feedback(0, 40));
  Scorer scorer = small_scorer();
  std::vector<FeedbackMessage> messages;
  for (const Feedback& said : feedback(0, 40)) {
    FeedbackMessage message;
    message.example = {
        scorer.frame({said.prompt, said.response}),
        said.satisfaction ? *said.satisfaction : world.reader.score({{"", said.reaction}}).at(0)};
    messages.push_back(message);
  }
  TrackSettings settings;
  settings.learning_rate = 1e-2;
  settings.batch = 8;
  FeedbackTracker tracker(&scorer, messages, {toy_examples(scorer, 5000, 5100).training, {}},
                          settings, 1, 1);
  while (!tracker.finished()) tracker.advance();
  BOOST_TEST(tracker.steps_done() == learnt.steps);
  BOOST_TEST(learnt.replays > 0);
  BOOST_TEST(scorer.hash() == world.scorer.hash());
}

BOOST_AUTO_TEST_CASE(ItGoesOnFromAnyPortion) {
  World whole;
  whole.learner.learn(feedback(0, 20));
  SavedState state;
  whole.learner.store(&state);
  const auto wanted = whole.learner.learn(feedback(20, 50));
  World resumed;
  resumed.learner.restore(state);
  BOOST_TEST(resumed.learner.version().number == 20u);
  const auto learnt = resumed.learner.learn(feedback(20, 50));
  BOOST_TEST(learnt.loss == wanted.loss);
  BOOST_TEST(learnt.agreement == wanted.agreement);
  BOOST_TEST(resumed.scorer.hash() == whole.scorer.hash());
  BOOST_TEST((resumed.learner.version() == whole.learner.version()));
  for (const auto& [name, value] : {std::pair{"messages", 1},
                                    {"messages", 1000},
                                    {"replays", -1},
                                    {"step", -1},
                                    {"adamw.step", 1}}) {
    SavedState other = state;
    other.numbers[name] = value;
    BOOST_CHECK_EXCEPTION(resumed.learner.restore(other), Error,
                          has(fmt::format("`{}`", name), ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(ItLearnsWhatUsersLike) {
  FeedSettings settings = quick_settings();
  settings.replay_ratio = 0;
  World world(1, settings);
  const auto before = world.learner.learn(feedback(0, 8));
  for (std::uint64_t i = 8; i < 400; i += 8) world.learner.learn(feedback(i, i + 8));
  const auto after = world.learner.learn(feedback(400, 480));
  BOOST_TEST(after.loss < 0.8 * before.loss);
}

BOOST_AUTO_TEST_SUITE_END()
