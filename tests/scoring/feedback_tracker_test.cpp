#include "scoring/feedback_tracker.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "scoring/preference_bias.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

// The stream: messages 0 .. count - 1, the labels of the last turned around from `turn` on.
std::vector<FeedbackMessage> stream(const Scorer& scorer, std::uint64_t count,
                                    std::uint64_t turn = UINT64_MAX) {
  std::vector<FeedbackMessage> messages;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Dialogue row = feedback_row(i, i >= turn);
    const ScorerInput input{row.turns[0].text, row.turns[1].text};
    FeedbackMessage message;
    message.row = i;
    message.turn = 1;
    message.example = {scorer.frame(input), *row.turns[1].satisfaction};
    message.held = is_held_out(input);
    message.stored = message.example.target;
    messages.push_back(std::move(message));
  }
  return messages;
}

ReplayData replay_data(const Scorer& scorer) {
  ExampleSet set = toy_examples(scorer, 10000, 10200);
  return {std::move(set.training), std::move(set.test)};
}

TrackSettings quick_settings() {
  TrackSettings settings;
  settings.learning_rate = 1e-2;
  settings.rescore_every = 100;
  settings.evaluate_every = 100;
  return settings;
}

struct Followed {
  std::string hash;
  std::vector<FeedbackMessage> messages;
  std::vector<FeedbackTracker::Step> steps;
};

Followed follow(const TrackSettings& settings, std::uint64_t count, int threads = 1,
                std::uint64_t seed = 1) {
  Scorer scorer = small_scorer();
  FeedbackTracker tracker(&scorer, stream(scorer, count), replay_data(scorer), settings, seed,
                          threads);
  Followed result;
  while (!tracker.finished()) result.steps.push_back(tracker.advance());
  result.hash = scorer.hash();
  result.messages = tracker.messages();
  return result;
}

bool same_scores(const std::vector<FeedbackMessage>& a, const std::vector<FeedbackMessage>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(a[i].stored == b[i].stored) || a[i].history != b[i].history) return false;
  }
  return a.size() == b.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feedback_tracker_test)

BOOST_AUTO_TEST_CASE(TheShareOfReplaysIsTheRatio) {
  for (const double ratio : {0.0, 0.25, 0.5, 0.75}) {
    int replays = 0;
    for (std::int64_t step = 0; step < 20000; ++step) replays += step_replays(1, step, ratio);
    // Four standard deviations of a fair coin's count.
    BOOST_TEST(std::abs(replays / 20000.0 - ratio) < 4 * 0.5 / std::sqrt(20000.0), "at " << ratio);
  }
  int equal = 0;
  for (std::int64_t step = 0; step < 1000; ++step) {
    equal += step_replays(1, step, 0.5) == step_replays(2, step, 0.5);
  }
  BOOST_TEST(std::abs(equal - 500) < 70);  // another seed, other replays
}

BOOST_AUTO_TEST_CASE(TheStreamWaitsForReplaysAndNoMessageIsLost) {
  const Followed followed = follow(quick_settings(), 230);
  std::uint64_t replays = 0, trained = 0, before = 0;
  for (const auto& step : followed.steps) {
    replays += step.replay;
    if (step.replay) BOOST_TEST(step.messages == before);
    if (!step.replay) trained += step.trained;
    before = step.messages;
  }
  std::uint64_t open = 0;
  for (const auto& message : followed.messages) open += !message.held;
  BOOST_TEST(trained == open);
  BOOST_TEST(before == 230u);
  BOOST_TEST(followed.steps.size() - replays == 12u);  // batches of 20, the last of 10
  BOOST_TEST(replays > 2u);
}

BOOST_AUTO_TEST_CASE(StoredScoresAreReScoredByEquations13And14) {
  TrackSettings settings = quick_settings();
  settings.replay_ratio = 0;
  settings.batch = 50;
  settings.s_sig = 4;
  Scorer scorer = small_scorer();
  FeedbackTracker tracker(&scorer, stream(scorer, 150), {}, settings, 1, 1);
  BOOST_TEST(!tracker.advance().moved);  // 50 messages
  const auto step = tracker.advance();   // 100: due
  BOOST_REQUIRE(step.moved);
  double moved = 0;
  for (std::size_t i = 0; i < 150; ++i) {
    const FeedbackMessage& message = tracker.messages()[i];
    const Satisfaction label = message.example.target;
    if (i >= 100) {  // not arrived yet
      BOOST_TEST((message.stored == label && message.history.empty()));
      continue;
    }
    const Satisfaction fresh = scorer.score_framed({message.example.text})[0];
    const double w = 1 / (1 + std::exp(-4 * (cosine_similarity(fresh, label) - 0.5)));
    BOOST_TEST(message.stored.good == w * fresh.good + (1 - w) * label.good,
               boost::test_tools::tolerance(1e-5));
    BOOST_TEST((message.history == std::vector<Satisfaction>{label}));
    moved += std::abs(message.stored.reward() - label.reward()) / 100;
  }
  BOOST_TEST(*step.moved == moved, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(tracker.advance().moved.has_value());  // the end of the stream
  BOOST_TEST(tracker.messages()[0].history.size() == 2u);
  BOOST_TEST(tracker.messages()[149].history.size() == 1u);
}

BOOST_AUTO_TEST_CASE(TheScoreFollowsATasteThatTurns) {
  Scorer scorer = small_scorer();
  ScorerTrainer trainer(&scorer, {});  // the static scorer
  const auto texts = toy_examples(scorer, 10000, 10600).training;
  for (std::size_t s = 0; s < 130; ++s) {
    const std::size_t first = s * 20 % (texts.size() - 20);
    trainer.step(pointers(texts, first, first + 20), 1e-2);
  }
  TrackSettings settings = quick_settings();
  settings.replay_ratio = 0;
  settings.rescore_every = 0;
  FeedbackTracker tracker(&scorer, stream(scorer, 1400, 500), replay_data(scorer), settings, 1, 2);
  // Agreement with the labels as they arrive: high, broken at the turn, high again.
  std::map<std::string, double> agreement;
  FeedbackTracker::Step step;
  while (!tracker.finished()) {
    step = tracker.advance();
    if (step.messages > 400 && step.messages <= 500) agreement["before"] += step.agreement / 5;
    if (step.messages > 500 && step.messages <= 540) agreement["turn"] += step.agreement / 2;
    if (step.messages > 1300) agreement["after"] += step.agreement / 5;
  }
  BOOST_TEST(agreement["before"] > 0.85);
  BOOST_TEST(agreement["turn"] < 0.6);
  BOOST_TEST(agreement["after"] > 0.85);
  BOOST_REQUIRE((step.held && step.fixed));
  BOOST_TEST(step.held->count > 0u);
  // Without replay the taste of before is forgotten.
  BOOST_TEST(step.fixed->accuracy < 0.6);
}

BOOST_AUTO_TEST_CASE(BitsDependOnTheSeedAndNotOnThreads) {
  const Followed one = follow(quick_settings(), 150), three = follow(quick_settings(), 150, 3);
  BOOST_TEST(three.hash == one.hash);
  BOOST_TEST(same_scores(three.messages, one.messages));
  BOOST_TEST(follow(quick_settings(), 150, 1, 2).hash != one.hash);
}

BOOST_AUTO_TEST_CASE(AResumedTrackerEqualsAnUndisturbedOne) {
  TrackSettings settings = quick_settings();
  settings.passes = 2;
  settings.rescore_every = 40;
  const Followed undisturbed = follow(settings, 150);
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  for (const std::int64_t stop : {3, 7, 16, 1000}) {  // killed three times
    Scorer scorer = small_scorer();
    FeedbackTracker tracker(&scorer, stream(scorer, 150), replay_data(scorer), settings, 1, 1);
    if (const auto saved = store.newest()) tracker.restore(*saved);
    while (!tracker.finished() && tracker.steps_done() < stop) tracker.advance();
    SavedState state;
    tracker.store(&state);
    store.write(tracker.steps_done(), state);
    if (!tracker.finished()) {
      tracker.advance();  // lost
      continue;
    }
    BOOST_TEST(scorer.hash() == undisturbed.hash);
    BOOST_TEST(same_scores(tracker.messages(), undisturbed.messages));
  }
}

// A run's directory may come from elsewhere: -1 and 1 make no entries, and one would be read.
BOOST_AUTO_TEST_CASE(LengthsThatAreNoCountsAreRefused) {
  Scorer scorer = small_scorer();
  FeedbackTracker tracker(&scorer, stream(scorer, 150), replay_data(scorer), quick_settings(), 1,
                          1);
  SavedState state;
  tracker.store(&state);
  std::vector<float>& lengths = state.arrays["history.lengths"];
  lengths[1] = 1;
  for (const float length : {-1.0f, 0.5f, 1e30f, NAN}) {
    lengths[0] = length;
    BOOST_CHECK_EXCEPTION(tracker.restore(state), Error, has("no count", ExitCode::kInput));
  }
}

// Its hashes say nothing of that: `messages` -1 was taken for the end of the stream.
BOOST_AUTO_TEST_CASE(NumbersThatNoRunHasAreRefused) {
  TrackSettings settings = quick_settings();
  settings.passes = 2;
  Scorer scorer = small_scorer();
  FeedbackTracker tracker(&scorer, stream(scorer, 150), replay_data(scorer), settings, 1, 1);
  std::int64_t replays = 0;
  while (tracker.steps_done() < 12) replays += tracker.advance().replay;
  BOOST_REQUIRE((replays > 0 && replays < 12));
  SavedState good;
  tracker.store(&good);
  const auto refused = [&](const std::string& name, std::int64_t number) {
    SavedState state = good;
    state.path = "run/checkpoints/step-000000012";
    state.numbers[name] = number;
    const std::string words = fmt::format("step-000000012: `{}` is {}", name, number);
    BOOST_CHECK_EXCEPTION(tracker.restore(state), Error, has(words, ExitCode::kInput));
  };
  const std::int64_t messages = good.number("messages");
  for (const std::int64_t other : {std::int64_t{-1}, messages - 1, messages + 1, INT64_MAX}) {
    refused("messages", other);
  }
  for (const std::int64_t other : {std::int64_t{-1}, std::int64_t{1} << 44}) refused("step", other);
  for (const std::int64_t other : {std::int64_t{-1}, std::int64_t{13}}) refused("replays", other);
  for (const std::int64_t other : {std::int64_t{-1}, replays - 1, std::int64_t{13}}) {
    refused("adamw.step", other);
  }
  SavedState ended = good;  // 17 steps of a stream that takes 16
  ended.numbers["step"] = replays + 17;
  ended.numbers["messages"] = 300;
  BOOST_CHECK_EXCEPTION(tracker.restore(ended), Error, has("`replays` is", ExitCode::kInput));
  BOOST_CHECK_NO_THROW(tracker.restore(good));
}

BOOST_AUTO_TEST_CASE(StoredScoresThatAreNoSatisfactionAreRefused) {
  Scorer scorer = small_scorer();
  FeedbackTracker tracker(&scorer, stream(scorer, 150), replay_data(scorer), quick_settings(), 1,
                          1);
  SavedState good;
  tracker.store(&good);
  for (const float part : {-1.0f, 0.5f, 2.0f, NAN}) {
    SavedState state = good;
    std::fill_n(state.arrays["stored"].begin(), 3, part);
    BOOST_CHECK_EXCEPTION(tracker.restore(state), Error, has("`stored` holds", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(ReplaysWithoutDataAndImpossibleSettingsAreRefused) {
  Scorer scorer = small_scorer();
  BOOST_CHECK_EXCEPTION(FeedbackTracker(&scorer, stream(scorer, 5), {}, {}, 1, 1), Error,
                        has("--track.replay_corpus", ExitCode::kUsage));
  const auto refused = [](const char* words, auto change) {
    TrackSettings settings;
    change(settings);
    BOOST_CHECK_EXCEPTION(check_track_settings(settings), Error, has(words, ExitCode::kUsage));
  };
  refused("--track.replay_ratio is 1", [](TrackSettings& s) { s.replay_ratio = 1; });
  refused("--track.batch is 0", [](TrackSettings& s) { s.batch = 0; });
  refused("--track.s_sig is 0", [](TrackSettings& s) { s.s_sig = 0; });
  refused("--train.learning_rate is 0", [](TrackSettings& s) { s.learning_rate = 0; });
  BOOST_CHECK_NO_THROW(check_track_settings({}));
}

BOOST_AUTO_TEST_SUITE_END()
