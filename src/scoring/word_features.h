// A text as a bag of words and pairs of words, for the baseline that a scorer has to beat.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace arf {

// One text: features that it has, by number, ascending; the values have the Euclidean norm 1, or
// there are none.
struct SparseRow {
  std::vector<std::uint32_t> features;
  std::vector<float> values;
};

// Words of a text, in order: runs of letters, digits and apostrophes, ASCII in lower case; what is
// beyond ASCII counts as a letter, so that an emoji is a word; any other visible character is one.
std::vector<std::string> words_of(std::string_view text);

// Unigrams and bigrams of the training texts that two of them have, or more. A value is
// (1 + log count) * (1 + log(texts / texts that have it)), then normalised.
class WordFeatures {
 public:
  explicit WordFeatures(std::span<const std::string> texts);
  std::size_t size() const { return weights_.size(); }
  SparseRow row(std::string_view text) const;

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<double> weights_;  // of a feature: 1 + log(texts / texts that have it)
};

}  // namespace arf
