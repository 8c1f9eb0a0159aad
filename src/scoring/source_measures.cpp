#include "scoring/source_measures.h"

#include <optional>

#include "core/error.h"
#include "core/parallel.h"
#include "scoring/bag_of_words.h"

namespace arf {
namespace {

// Null: of every source.
using MaybeSource = std::optional<std::uint32_t>;

bool is_of(const Example& example, const MaybeSource& source) {
  return !source || example.source == *source;
}

// The sum of the labels.
std::array<double, 3> mass_of(const std::vector<Example>& examples, const MaybeSource& source) {
  std::array<double, 3> mass{};
  for (const Example& example : examples) {
    if (!is_of(example, source)) continue;
    mass[0] += example.target.bad;
    mass[1] += example.target.neutral;
    mass[2] += example.target.good;
  }
  return mass;
}

Satisfaction shares_of(const std::vector<Example>& examples, const MaybeSource& source) {
  std::array<double, 3> mass = mass_of(examples, source);
  if (mass[0] + mass[1] + mass[2] == 0) mass = mass_of(examples, {});
  const double sum = mass[0] + mass[1] + mass[2];
  const auto share = [&](std::size_t c) { return static_cast<float>(mass[c] / sum); };
  return {share(0), share(1), share(2)};
}

SourceMeasures measure_source(const ExampleSet& texts, const std::vector<Contender>& contenders,
                              const MaybeSource& source) {
  SourceMeasures result{source ? texts.sources.at(*source) : "", {}};
  std::vector<Satisfaction> labels;
  for (const Example& example : texts.test) {
    if (is_of(example, source)) labels.push_back(example.target);
  }
  for (const Contender& contender : contenders) {
    ARF_CHECK(contender.predicted.size() == texts.test.size(), "{} predictions",
              contender.predicted.size());
    std::vector<Satisfaction> predicted;
    for (std::size_t i = 0; i < texts.test.size(); ++i) {
      if (is_of(texts.test[i], source)) predicted.push_back(contender.predicted[i]);
    }
    result.measures.emplace_back(contender.name, measure(predicted, labels));
  }
  const std::vector<Satisfaction> constant(labels.size(), shares_of(texts.training, source));
  result.measures.emplace_back("majority", measure(constant, labels));
  return result;
}

struct Texts {
  std::vector<std::string> texts;
  std::vector<Satisfaction> labels;
};

std::vector<SparseRow> rows_of(const WordFeatures& features, const std::vector<std::string>& texts,
                               int num_threads) {
  std::vector<SparseRow> rows(texts.size());
  parallel_for(texts.size(), num_threads, [&](std::size_t i) { rows[i] = features.row(texts[i]); });
  return rows;
}

}  // namespace

std::vector<SourceMeasures> measure_by_source(const ExampleSet& texts,
                                              const std::vector<Contender>& contenders) {
  std::vector<SourceMeasures> all = {measure_source(texts, contenders, {})};
  for (std::uint32_t source = 0; source < texts.sources.size(); ++source) {
    SourceMeasures one = measure_source(texts, contenders, source);
    if (one.measures.front().second.count > 0) all.push_back(std::move(one));
  }
  return all;
}

std::vector<Contender> predict_by_words(const std::vector<std::string>& corpora,
                                        const ExampleSet& examples, int num_threads) {
  Texts training, test;
  for_each_labelled_row(corpora, kGetLabels, [&](auto, const std::vector<LabelledText>& texts) {
    for (const LabelledText& text : texts) {
      if (text.side == Side::kValidation) continue;
      Texts& side = text.side == Side::kTest ? test : training;
      side.texts.emplace_back(text.text);
      side.labels.push_back(text.label);
    }
  });
  ARF_CHECK(training.texts.size() == examples.training.size() &&
                test.texts.size() == examples.test.size(),
            "the corpora have changed: {} and {} texts", training.texts.size(), test.texts.size());
  const WordFeatures features(training.texts);
  const auto rows = rows_of(features, training.texts, num_threads),
             test_rows = rows_of(features, test.texts, num_threads);
  std::vector<Contender> contenders;
  for (const char* kind : {"none", "balanced"}) {
    BagOfWordsSettings settings;
    settings.class_weights = find_class_weights(kind, examples.training);
    settings.threads = num_threads;
    const BagOfWords model(features.size(), rows, training.labels, settings);
    Contender contender{kind == std::string("none") ? "bag_of_words" : "bag_of_words_balanced", {}};
    for (const SparseRow& row : test_rows) contender.predicted.push_back(model.predict(row));
    contenders.push_back(std::move(contender));
  }
  return contenders;
}

std::array<double, 3> find_class_weights(const std::string& kind,
                                         const std::vector<Example>& examples) {
  if (kind == "none") return {1, 1, 1};
  const std::array<double, 3> mass = mass_of(examples, {});
  std::array<double, 3> weights{1, 1, 1};
  for (std::size_t c = 0; c < 3; ++c) {
    if (mass[c] > 0) weights[c] = static_cast<double>(examples.size()) / (3 * mass[c]);
  }
  return weights;
}

}  // namespace arf
