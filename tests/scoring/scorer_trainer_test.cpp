#include "scoring/scorer_trainer.h"

#include <cmath>

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

std::vector<float> trained(int num_threads, int steps) {
  Scorer scorer = stirred_scorer();
  const auto examples = toy_examples(scorer, 0, 200).training;
  TrainerSettings settings;
  settings.workers = num_threads;
  settings.clip = 0.5;
  ScorerTrainer trainer(&scorer, settings);
  for (int s = 0; s < steps; ++s) {
    const auto first = static_cast<std::size_t>(s * 13);
    trainer.step(pointers(examples, first, first + 13), 1e-2);
  }
  return scorer.flat();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scorer_trainer_test)

BOOST_AUTO_TEST_CASE(TheNumberOfThreadsChangesNoBit) {
  const auto one = trained(1, 6);
  BOOST_TEST((trained(2, 6) == one));
  BOOST_TEST((trained(5, 6) == one));
}

BOOST_AUTO_TEST_CASE(AStepToWeightsThatAreNotFiniteIsRefused) {
  Scorer scorer = stirred_scorer();
  const auto examples = toy_examples(scorer, 0, 40).training;
  TrainerSettings settings;
  settings.clip = 0;
  ScorerTrainer trainer(&scorer, settings);
  BOOST_CHECK_EXCEPTION(trainer.step(pointers(examples, 0, 13), 1e300), Error,
                        has("weights are not finite", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ScoresThatAreNotFiniteAreRefused) {
  Scorer scorer = stirred_scorer();
  std::vector<float> flat = scorer.flat();
  flat.back() = std::nanf("");
  scorer.set_flat(flat);
  BOOST_CHECK_EXCEPTION(scorer.score({{"", "a"}}), Error,
                        has("weights are broken", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(TheBatchsLossAndGradientAreTheMeanOverItsTexts) {
  Scorer scorer = stirred_scorer();
  const auto examples = toy_examples(scorer, 0, 40).training;
  const auto batch = pointers(examples, 0, 13);
  double loss = 0;
  std::vector<double> mean(scorer.flat().size(), 0.0);
  for (const Example* example : batch) {
    const Tensor one = soft_cross_entropy(scorer.log_satisfaction({example->text}),
                                          {example->target}, {1, 1, 1}, 1);
    loss += one.item<double>() / 13;
    const auto gradient = scorer.gradient(one);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += gradient[i] / 13.0;
  }
  double norm = 0;
  for (const double value : mean) norm += value * value;
  const auto scores_before = [&] {
    std::vector<FramedText> texts;
    for (const Example* example : batch) texts.push_back(example->text);
    return scorer.score_framed(texts);
  }();
  ScorerTrainer trainer(&scorer, {});
  const auto result = trainer.step(batch, 1e-3);
  BOOST_TEST(result.loss == loss, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(result.gradient_norm == std::sqrt(norm), boost::test_tools::tolerance(1e-4));
  BOOST_REQUIRE(result.predicted.size() == batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {  // by position, before the step
    BOOST_TEST(result.predicted[i].good == scores_before[i].good,
               boost::test_tools::tolerance(1e-4f));
  }
}

BOOST_AUTO_TEST_CASE(ClassWeightsWeighTheTermsOfTheTargets) {
  const Tensor log_p = at::tensor({0.2, 0.3, 0.5, 0.1, 0.1, 0.8}, at::kDouble).view({2, 3}).log();
  const std::vector<Satisfaction> targets = {{0.5f, 0, 0.5f}, {0, 0, 1}};
  const double expected =
      -(2 * 0.5 * std::log(0.2) + 3 * 0.5 * std::log(0.5) + 3 * std::log(0.8)) / 4;
  BOOST_TEST(soft_cross_entropy(log_p, targets, {2, 7, 3}, 4).item<double>() == expected,
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(TheRateRisesThenFallsInALine) {
  const auto rate = [](std::int64_t step) { return warmed_and_decayed(8, step, 4, 12); };
  BOOST_TEST(rate(0) == 2.0);
  BOOST_TEST(rate(3) == 8.0);
  BOOST_TEST(rate(4) == 8.0);
  BOOST_TEST(rate(8) == 4.0);
  BOOST_TEST(rate(11) == 1.0);
  BOOST_TEST(warmed_and_decayed(8, 0, 0, 4) == 8.0);
}

BOOST_AUTO_TEST_CASE(ARestoredTrainerGoesOnToTheBit) {
  const TemporaryFolder folder;
  Scorer scorer = stirred_scorer(), other = small_scorer(5);
  const auto examples = toy_examples(scorer, 0, 200).training;
  ScorerTrainer trainer(&scorer, {});
  trainer.step(pointers(examples, 0, 20), 1e-2);
  SavedState state;
  trainer.store(&state);
  StateStore(folder / "checkpoints").write(1, state);
  trainer.step(pointers(examples, 20, 40), 1e-2);
  ScorerTrainer resumed(&other, {});
  resumed.restore(*StateStore(folder / "checkpoints").newest(), 1, 1);
  resumed.step(pointers(examples, 20, 40), 1e-2);
  BOOST_TEST(other.hash() == scorer.hash());
}

BOOST_AUTO_TEST_SUITE_END()
