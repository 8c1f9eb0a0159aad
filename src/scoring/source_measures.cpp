#include "scoring/source_measures.h"

#include <iterator>
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

// Training and test texts as bags of words, in the order of the examples.
struct WordData {
  std::size_t num_features = 0;
  std::vector<SparseRow> training, test;
};

std::vector<SparseRow> rows_of(const WordFeatures& features, const std::vector<std::string>& texts,
                               int num_threads) {
  std::vector<SparseRow> rows(texts.size());
  parallel_for(texts.size(), num_threads, [&](std::size_t i) { rows[i] = features.row(texts[i]); });
  return rows;
}

WordData read_words(const std::vector<std::string>& corpora, int num_threads) {
  std::vector<std::string> training, test;
  for_each_labelled_row(corpora, kGetLabels, [&](auto, const std::vector<LabelledText>& texts) {
    for (const LabelledText& text : texts) {
      if (text.side == Side::kTraining) training.emplace_back(text.text);
      if (text.side == Side::kTest) test.emplace_back(text.text);
    }
  });
  const WordFeatures features(training);
  return {features.size(), rows_of(features, training, num_threads),
          rows_of(features, test, num_threads)};
}

// Fits a regression to the training texts of the source and predicts its test texts. Nothing where
// it has no training texts.
void predict_source(const WordData& words, const ExampleSet& examples, const MaybeSource& source,
                    BagOfWordsSettings settings, const std::string& class_weights,
                    std::vector<Satisfaction>* predicted) {
  std::vector<SparseRow> rows;
  std::vector<Satisfaction> labels;
  std::vector<Example> targets;
  for (std::size_t i = 0; i < examples.training.size(); ++i) {
    if (!is_of(examples.training[i], source)) continue;
    rows.push_back(words.training[i]);
    labels.push_back(examples.training[i].target);
    targets.push_back({{}, labels.back()});
  }
  if (rows.empty()) return;
  settings.class_weights = find_class_weights(class_weights, targets);
  const BagOfWords model(words.num_features, rows, labels, settings);
  for (std::size_t i = 0; i < examples.test.size(); ++i) {
    if (is_of(examples.test[i], source)) (*predicted)[i] = model.predict(words.test[i]);
  }
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
  const WordData words = read_words(corpora, num_threads);
  ARF_CHECK(words.training.size() == examples.training.size() &&
                words.test.size() == examples.test.size(),
            "the corpora have changed: {} and {} texts", words.training.size(), words.test.size());
  BagOfWordsSettings settings;
  settings.threads = num_threads;
  std::vector<Contender> contenders, by_source;
  for (const auto& [weights, name] :
       {std::pair<const char*, const char*>{"none", ""},
        std::pair<const char*, const char*>{"balanced", "_balanced"}}) {
    Contender of_all{std::string("bag_of_words") + name, {}};
    of_all.predicted.resize(examples.test.size());
    predict_source(words, examples, {}, settings, weights, &of_all.predicted);
    Contender of_each{std::string("bag_of_words_by_source") + name, of_all.predicted};
    for (std::uint32_t s = 0; s < examples.sources.size(); ++s) {
      if (examples.sources.size() > 1)
        predict_source(words, examples, s, settings, weights, &of_each.predicted);
    }
    contenders.push_back(std::move(of_all));
    by_source.push_back(std::move(of_each));
  }
  if (examples.sources.size() > 1) {
    std::move(by_source.begin(), by_source.end(), std::back_inserter(contenders));
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
