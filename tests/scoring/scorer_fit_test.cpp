#include "scoring/scorer_fit.h"

#include <cmath>

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

FitSettings quick_settings() {
  FitSettings settings;
  settings.iterations = 120;
  settings.learning_rate = 1e-2;
  settings.evaluate_every = 20;
  return settings;
}

std::string hash_after(const FitSettings& settings, int num_threads, std::uint64_t seed = 1) {
  Scorer scorer = small_scorer();
  ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, seed, num_threads);
  while (!fit.finished()) fit.advance();
  fit.finish();
  return scorer.hash();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scorer_fit_test)

BOOST_AUTO_TEST_CASE(LearnsWhichWordTellsTheSatisfaction) {
  Scorer scorer = small_scorer();
  ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), quick_settings(), true, 1, 2);
  const double before = measure_scorer(scorer, fit.examples().test, 1).accuracy;
  std::int64_t evaluations = 0;
  while (!fit.finished()) evaluations += fit.advance().validation.has_value();
  fit.finish();
  const Measures test = measure_scorer(scorer, fit.examples().test, 1);
  BOOST_TEST(before < 0.6);
  BOOST_TEST(test.accuracy > 0.9);
  BOOST_TEST(test.count > 10u);
  BOOST_TEST(evaluations == 6);
}

BOOST_AUTO_TEST_CASE(BitsDependOnTheSeedAndNotOnThreads) {
  FitSettings settings = quick_settings();
  settings.iterations = 30;
  const std::string one = hash_after(settings, 1);
  BOOST_TEST(hash_after(settings, 3) == one);
  BOOST_TEST(hash_after(settings, 1, 2) != one);
}

BOOST_AUTO_TEST_CASE(AResumedFitEqualsAnUndisturbedOne) {
  for (const char* keep : {"best", "best_f1", "last"}) {
    FitSettings settings = quick_settings();
    settings.iterations = 50;
    settings.focal_gamma = keep == std::string("last") ? 2 : 0;
    settings.keep = keep;
    const TemporaryFolder folder;
    StateStore store(folder / "checkpoints");
    {
      Scorer scorer = small_scorer();
      ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
      while (fit.iterations_done() < 33) fit.advance();
      SavedState state;
      fit.store(&state);
      store.write(33, state);
      fit.advance();  // lost
    }
    Scorer scorer = small_scorer();
    ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
    fit.restore(*store.newest());
    BOOST_TEST(fit.iterations_done() == 33);
    while (!fit.finished()) fit.advance();
    fit.finish();
    BOOST_TEST(scorer.hash() == hash_after(settings, 1), keep);
  }
}

// A run's directory may come from elsewhere; its hashes say nothing of that.
BOOST_AUTO_TEST_CASE(NumbersThatNoRunHasAreRefused) {
  Scorer scorer = small_scorer();
  FitSettings settings = quick_settings();
  settings.evaluate_every = 2;
  ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
  while (fit.iterations_done() < 3) fit.advance();
  SavedState good;
  fit.store(&good);
  const auto refused = [&](const std::string& name, std::int64_t number) {
    SavedState state = good;
    state.path = "run/checkpoints/step-000000003";
    state.numbers[name] = number;
    const std::string words = fmt::format("step-000000003: `{}` is {}", name, number);
    BOOST_CHECK_EXCEPTION(fit.restore(state), Error, has(words, ExitCode::kInput));
  };
  for (const std::int64_t other : {-1, 121}) refused("iteration", other);
  for (const std::int64_t other : {-1, 0, 1, 4}) refused("best_iteration", other);
  for (const std::int64_t other : {-1, 2, 4}) refused("adamw.step", other);
  SavedState state = good;
  state.sums["best_loss"] = std::nan("");
  BOOST_CHECK_EXCEPTION(fit.restore(state), Error, has("`best_loss` is nan", ExitCode::kInput));
  state = good;
  state.arrays["best_parameters"].clear();
  BOOST_CHECK_EXCEPTION(fit.restore(state), Error,
                        has("`best_parameters` has 0 numbers", ExitCode::kInput));
  BOOST_CHECK_NO_THROW(fit.restore(good));
}

BOOST_AUTO_TEST_CASE(TheStateOfTheLowestValidationLossIsKept) {
  FitSettings settings = quick_settings();
  settings.warmup = 0;
  settings.iterations = 60;
  Scorer scorer = small_scorer();
  ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
  std::vector<std::pair<double, std::string>> states;
  std::vector<std::int64_t> iterations;
  while (!fit.finished()) {
    const auto step = fit.advance();
    if (!step.validation) continue;
    states.emplace_back(step.validation->loss, scorer.hash());
    iterations.push_back(step.iteration);
  }
  const auto best = std::min_element(states.begin(), states.end());
  BOOST_TEST(fit.finish() == iterations[static_cast<std::size_t>(best - states.begin())]);
  BOOST_TEST(scorer.hash() == best->second);
}

BOOST_AUTO_TEST_CASE(TheStateOfTheHighestMacroF1IsKeptWhereThatIsAskedFor) {
  FitSettings settings = quick_settings();
  settings.keep = "best_f1";
  settings.warmup = 0;
  settings.iterations = 60;
  settings.evaluate_every = 5;
  Scorer scorer = small_scorer();
  ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
  double best = -1;
  std::string hash;
  while (!fit.finished()) {
    const auto step = fit.advance();
    if (!step.validation || step.validation->macro_f1 <= best) continue;
    best = step.validation->macro_f1;
    hash = scorer.hash();
  }
  fit.finish();
  BOOST_TEST(scorer.hash() == hash);
}

// A rate at which nothing gets better after the first evaluations.
BOOST_AUTO_TEST_CASE(PatienceEndsAFitThatGetsNoBetter) {
  for (const char* keep : {"best", "best_f1", "last"}) {
    FitSettings settings = quick_settings();
    settings.keep = keep;
    settings.learning_rate = 0.2;
    settings.iterations = 400;
    settings.evaluate_every = 4;
    settings.patience = 3;
    Scorer scorer = small_scorer();
    ScorerFit fit(&scorer, toy_examples(scorer, 0, 600), settings, true, 1, 1);
    double best = 1e9;
    std::int64_t worse = 0;
    while (!fit.finished()) {
      BOOST_TEST(worse < 3);
      const auto step = fit.advance();
      if (!step.validation) continue;
      const double loss =
          keep == std::string("best_f1") ? 1 - step.validation->macro_f1 : step.validation->loss;
      worse = loss < best ? 0 : worse + 1;
      best = std::min(best, loss);
    }
    BOOST_TEST(worse == 3, keep);
    BOOST_TEST(fit.ran_out_of_patience());
    BOOST_TEST(fit.iterations_done() < 400);
    // A run that was killed behind its end has ended.
    SavedState state;
    fit.store(&state);
    Scorer other = small_scorer();
    ScorerFit again(&other, toy_examples(other, 0, 600), settings, true, 1, 1);
    again.restore(state);
    BOOST_TEST(again.finished());
    BOOST_TEST(again.finish() == fit.finish());
    BOOST_TEST(other.hash() == scorer.hash());
  }
}

BOOST_AUTO_TEST_CASE(DefaultsFitTheCorpusAndTheEncoder) {
  Scorer scorer = small_scorer();
  const auto with = [&](std::uint64_t texts, bool from_scratch) {
    return ScorerFit(&scorer, toy_examples(scorer, 0, texts), {}, from_scratch, 1, 1).settings();
  };
  BOOST_TEST(with(600, true).iterations == 500);
  BOOST_TEST(with(600, true).learning_rate == 5e-4);
  BOOST_TEST(with(600, false).learning_rate == 3e-5);
  BOOST_TEST(with(600, true).evaluate_every == 50);
  const auto training = static_cast<double>(toy_examples(scorer, 0, 6000).training.size());
  BOOST_TEST(with(6000, true).iterations == std::ceil(4 * training / 20));
}

BOOST_AUTO_TEST_CASE(BalancedWeightsGiveEveryClassTheSameSum) {
  std::vector<Example> examples(10);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    examples[i].target = one_hot(i < 6 ? 0 : i < 9 ? 1 : 2);
  }
  const auto weights = find_class_weights("balanced", examples);
  BOOST_TEST(weights[0] * 6 == 10.0 / 3, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weights[1] * 3 == 10.0 / 3, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weights[2] * 1 == 10.0 / 3, boost::test_tools::tolerance(1e-9));
  BOOST_TEST((find_class_weights("none", examples) == std::array<double, 3>{1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(TooFewTextsAndImpossibleSettingsAreRefused) {
  Scorer scorer = small_scorer();
  BOOST_CHECK_EXCEPTION(ScorerFit(&scorer, toy_examples(scorer, 0, 2), {}, true, 1, 1), Error,
                        has("too few of them differ", ExitCode::kInput));
  const auto refused = [](const char* words, auto change) {
    FitSettings settings;
    change(settings);
    BOOST_CHECK_EXCEPTION(check_fit_settings(settings), Error, has(words, ExitCode::kUsage));
  };
  refused("--train.batch is 0", [](FitSettings& s) { s.batch = 0; });
  refused("--train.iterations is -1", [](FitSettings& s) { s.iterations = -1; });
  refused("--train.warmup is 1", [](FitSettings& s) { s.warmup = 1; });
  refused("--train.learning_rate is nan", [](FitSettings& s) { s.learning_rate = std::nan(""); });
  refused("--train.patience is -1", [](FitSettings& s) { s.patience = -1; });
  refused("--train.focal_gamma is -0.5", [](FitSettings& s) { s.focal_gamma = -0.5; });
  refused("--train.checkpoint_every is 0", [](FitSettings& s) { s.checkpoint_every = 0; });
  BOOST_CHECK_NO_THROW(check_fit_settings({}));
}

BOOST_AUTO_TEST_SUITE_END()
