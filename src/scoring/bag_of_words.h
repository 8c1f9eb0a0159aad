// The baseline that a scorer has to beat: a logistic regression on a bag of words.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "records/dialogue.h"
#include "scoring/word_features.h"

namespace arf {

struct BagOfWordsSettings {
  std::array<double, 3> class_weights{1, 1, 1};  // bad, neutral, good
  double strength = 1;  // C: the mean loss has |weights|^2 / (2 C texts) beside it
  int threads = 1;      // no bit depends on it
};

class BagOfWords {
 public:
  // Minimises the mean cross-entropy with the soft labels. The bias has no penalty.
  BagOfWords(std::size_t num_features, const std::vector<SparseRow>& rows,
             const std::vector<Satisfaction>& labels, const BagOfWordsSettings& settings);
  Satisfaction predict(const SparseRow& row) const;

 private:
  std::vector<double> weights_;  // [features + 1][3], the bias last
};

}  // namespace arf
