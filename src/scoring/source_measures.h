// How a scorer does on test texts, in all and by source, beside what it has to beat.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scoring/examples.h"
#include "scoring/measures.h"

namespace arf {

// One who has predicted every test text.
struct Contender {
  std::string name;
  std::vector<Satisfaction> predicted;
};

struct SourceMeasures {
  std::string source;                                      // of the rows
  std::vector<std::pair<std::string, Measures>> measures;  // of each contender, by name
};

// All test texts first (their `source` is ""), then by source, in the order of texts.sources; a
// source without test texts is left out. The last contender, "majority", predicts the shares of the
// classes among the training texts of that source, where it has some.
std::vector<SourceMeasures> measure_by_source(const ExampleSet& texts,
                                              const std::vector<Contender>& contenders);

// Logistic regressions on bags of words, fitted to the training texts of the corpora of which
// `texts` are: "bag_of_words", and "bag_of_words_balanced", of which every class has the same
// weight; of several sources also both with "_by_source", a regression of each source's own texts,
// which knows where a text comes from. Reads the corpora again.
std::vector<Contender> predict_by_words(const std::vector<std::string>& corpora,
                                        const ExampleSet& texts, int num_threads);

// Weights of bad, neutral, good: 1 each, or so that each class has the same weight in the sum.
std::array<double, 3> find_class_weights(const std::string& kind,
                                         const std::vector<Example>& examples);

}  // namespace arf
