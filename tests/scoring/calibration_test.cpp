#include "scoring/calibration.h"

#include <cmath>

#include "scoring/scorer_trainer.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

// Softmax of logits / temperature.
Satisfaction soft(double a, double b, double c, double temperature) {
  const double ea = std::exp(a / temperature), eb = std::exp(b / temperature),
               ec = std::exp(c / temperature), sum = ea + eb + ec;
  return {static_cast<float>(ea / sum), static_cast<float>(eb / sum), static_cast<float>(ec / sum)};
}

struct Predictions {
  std::vector<Satisfaction> predicted, labels;
};

// Labels are the true distributions; the predictions are of logits `factor` times as large.
Predictions overconfident(double factor) {
  Predictions all;
  const RandomStream stream(3, Purpose::kTest, 0);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const double a = stream.normal(3 * i), b = stream.normal(3 * i + 1),
                 c = stream.normal(3 * i + 2);
    all.labels.push_back(soft(a, b, c, 1));
    all.predicted.push_back(soft(a, b, c, 1 / factor));
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calibration_test)

BOOST_AUTO_TEST_CASE(FindsTheTemperatureThatUndoesOverconfidence) {
  for (const double factor : {0.3, 1.0, 2.5}) {
    const Predictions all = overconfident(factor);
    BOOST_TEST(fit_temperature(all.predicted, all.labels) == factor,
               boost::test_tools::tolerance(1e-4));
  }
}

BOOST_AUTO_TEST_CASE(NoOtherTemperatureHasALowerLoss) {
  const Predictions all = overconfident(4);
  std::vector<Satisfaction> hard;
  const RandomStream stream(4, Purpose::kTest, 0);
  for (std::uint32_t i = 0; i < all.labels.size(); ++i) {
    const double u = stream.uniform(i);
    hard.push_back(one_hot(u < all.labels[i].bad                           ? 0
                           : u < all.labels[i].bad + all.labels[i].neutral ? 1
                                                                           : 2));
  }
  const double found = fit_temperature(all.predicted, hard);
  const auto loss = [&](double temperature) {
    std::vector<Satisfaction> scaled;
    for (const Satisfaction& p : all.predicted) {
      scaled.push_back(soft(std::log(p.bad), std::log(p.neutral), std::log(p.good), temperature));
    }
    return measure(scaled, hard).loss;
  };
  for (const double other : {0.5, 0.9, 0.97, 1.03, 1.1, 2.0}) {
    BOOST_TEST(loss(found) < loss(found * other), other);
  }
  BOOST_TEST(found > 2.0);
}

BOOST_AUTO_TEST_CASE(WhatHasNoLowestLossEndsAtTheBounds) {
  // All right, and sure: the lower the temperature the better, as far as float64 sees a slope. All
  // wrong: the higher.
  const std::vector<Satisfaction> sure = {{0.9f, 0.05f, 0.05f}, {0.1f, 0.1f, 0.8f}};
  const double lowest = fit_temperature(sure, {one_hot(0), one_hot(2)});
  BOOST_TEST(lowest >= 1 / kMostTemperature * (1 - 1e-9));
  BOOST_TEST(lowest < 1.1 / kMostTemperature);
  BOOST_TEST(fit_temperature(sure, {one_hot(1), one_hot(1)}) == kMostTemperature,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(std::isfinite(fit_temperature({one_hot(0), one_hot(0)}, {one_hot(0), one_hot(1)})));
  BOOST_TEST(fit_temperature({}, {}) == 1.0);
}

BOOST_AUTO_TEST_CASE(AScorerIsCalibratedOnceAndStays) {
  Scorer scorer = stirred_scorer();
  const auto held = toy_examples(scorer, 0, 400).validation;
  const auto before = predict(scorer, held, 1);
  const Calibration first = calibrate(&scorer, held, 2);
  BOOST_TEST(first.temperature == scorer.head_form().temperature);
  BOOST_TEST(first.after.loss < first.before.loss);
  BOOST_TEST(first.after.accuracy == first.before.accuracy);
  const Calibration again = calibrate(&scorer, held, 1);
  BOOST_TEST(again.temperature == first.temperature, boost::test_tools::tolerance(1e-3));
}

// What `track` does with a calibrated scorer: the temperature is a constant factor of the logits.
BOOST_AUTO_TEST_CASE(TrainingGoesOnUnderAConstantTemperature) {
  Scorer scorer = stirred_scorer();
  scorer.set_temperature(2.5);
  const auto examples = toy_examples(scorer, 0, 100).training;
  TrainerSettings settings;
  settings.clip = 0;
  ScorerTrainer trainer(&scorer, settings);
  const auto loss = [&] { return measure_scorer(scorer, examples, 1).loss; };
  const double before = loss();
  for (int s = 0; s < 20; ++s) trainer.step(pointers(examples, 0, 60), 3e-3);
  BOOST_TEST(loss() < before - 0.1);
  BOOST_TEST(scorer.head_form().temperature == 2.5);
}

BOOST_AUTO_TEST_SUITE_END()
