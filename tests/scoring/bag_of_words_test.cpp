#include "scoring/bag_of_words.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "scoring/measures.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

const std::vector<std::string> kTexts = {"Not bad, not bad", "not good", "bad good", "so so"};

struct Toy {
  std::vector<std::string> texts;
  std::vector<Satisfaction> labels;
};
Toy toy(std::uint64_t first, std::uint64_t last) {
  Toy all;
  for (std::uint64_t i = first; i < last; ++i) {
    const auto [text, c] = toy_text(i);
    all.texts.push_back(text);
    all.labels.push_back(one_hot(c));
  }
  return all;
}

std::vector<SparseRow> rows_of(const WordFeatures& features,
                               const std::vector<std::string>& texts) {
  std::vector<SparseRow> rows;
  for (const std::string& text : texts) rows.push_back(features.row(text));
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bag_of_words_test)

BOOST_AUTO_TEST_CASE(AnEmojiIsAWordAndPunctuationIsOneToo) {
  const std::vector<std::string> expected = {"don't", "stop", "!", "!", "😀😀", ":", ")", "x2"};
  BOOST_TEST((words_of(" Don't\tSTOP!! 😀😀 :) x2\n") == expected));
  BOOST_TEST(words_of("").empty());
  BOOST_TEST(words_of(" \n\t").empty());
}

BOOST_AUTO_TEST_CASE(FeaturesAreWordsAndPairsThatTwoTextsHave) {
  const WordFeatures features(kTexts);
  BOOST_TEST(features.size() == 3u);  // not, bad, good, and no pair: none is in two texts
  BOOST_TEST(features.row("so unheard of").features.empty());
  const SparseRow row = features.row("bad not bad");
  BOOST_REQUIRE(row.features.size() == 2u);
  // Numbers as they were met twice: not, bad, good. Each is in two texts of four.
  BOOST_TEST(row.features[0] == 0u);
  BOOST_TEST(row.features[1] == 1u);
  const double once = 1, twice = 1 + std::log(2), norm = std::sqrt(once + twice * twice);
  BOOST_TEST(row.values[0] == once / norm, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(row.values[1] == twice / norm, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(LearnsWhichWordTellsTheSatisfaction) {
  const Toy training = toy(0, 300), test = toy(300, 400);
  const WordFeatures features(training.texts);
  const BagOfWords model(features.size(), rows_of(features, training.texts), training.labels, {});
  std::vector<Satisfaction> predicted;
  for (const SparseRow& row : rows_of(features, test.texts))
    predicted.push_back(model.predict(row));
  BOOST_TEST(measure(predicted, test.labels).accuracy > 0.95);
}

// At the minimum no weight has a slope: the loss beside it, by plain loops, is larger.
BOOST_AUTO_TEST_CASE(TheFitIsTheMinimumOfThePenalisedLoss) {
  const Toy training = toy(0, 60);
  const WordFeatures features(training.texts);
  const auto rows = rows_of(features, training.texts);
  BagOfWordsSettings settings;
  settings.class_weights = {2, 1, 0.5};
  settings.strength = 3;
  const BagOfWords model(features.size(), rows, training.labels, settings);
  // Slope by the bias of class c: sum of mass p_c - q_c, over the texts.
  std::array<double, 3> slope{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Satisfaction p = model.predict(rows[i]), q = training.labels[i];
    const double mass = 2 * q.bad + q.neutral + 0.5 * q.good;
    slope[0] += (mass * p.bad - 2 * q.bad) / double(rows.size());
    slope[1] += (mass * p.neutral - q.neutral) / double(rows.size());
    slope[2] += (mass * p.good - 0.5 * q.good) / double(rows.size());
  }
  for (const double value : slope) BOOST_TEST(std::abs(value) < 2e-5);
}

BOOST_AUTO_TEST_CASE(AStrongPenaltyLeavesTheSharesOfTheClasses) {
  const std::vector<Satisfaction> labels = {one_hot(0), one_hot(0), one_hot(0), one_hot(2)};
  const WordFeatures features(kTexts);
  BagOfWordsSettings settings;
  settings.strength = 1e-6;
  const BagOfWords model(features.size(), rows_of(features, kTexts), labels, settings);
  const Satisfaction p = model.predict(features.row("not good"));
  BOOST_TEST(p.bad == 0.75, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(p.good == 0.25, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(TheNumberOfThreadsChangesNoBit) {
  const Toy training = toy(0, 3000);
  const WordFeatures features(training.texts);
  const auto rows = rows_of(features, training.texts);
  BagOfWordsSettings one, three;
  three.threads = 3;
  const BagOfWords a(features.size(), rows, training.labels, one),
      b(features.size(), rows, training.labels, three);
  for (std::size_t i = 0; i < 50; ++i) BOOST_TEST((a.predict(rows[i]) == b.predict(rows[i])));
}

BOOST_AUTO_TEST_CASE(TextsWithoutAKnownWordAreJudgedByTheBias) {
  const std::vector<std::string> texts = {"", "😀", "unique"};
  const WordFeatures features(texts);
  BOOST_TEST(features.size() == 0u);
  const BagOfWords model(0, rows_of(features, texts), {one_hot(0), one_hot(2), one_hot(2)}, {});
  BOOST_TEST(model.predict(features.row("")).good == 2.0 / 3, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_SUITE_END()
