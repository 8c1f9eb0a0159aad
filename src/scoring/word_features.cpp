#include "scoring/word_features.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/activity.h"

namespace arf {
namespace {

constexpr std::uint32_t kFewestTexts = 2;

bool is_letter(unsigned char c) {
  return c >= 0x80 || c == '\'' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// body(feature) for every unigram and bigram.
template <typename Body>
void for_each_feature(std::string_view text, const Body& body) {
  const std::vector<std::string> words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    body(words[i]);
    if (i > 0) body(words[i - 1] + ' ' + words[i]);
  }
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    const bool letter = is_letter(static_cast<unsigned char>(c));
    if (letter && inside) {
      words.back() += lower(c);
    } else if (letter || static_cast<unsigned char>(c) > ' ') {
      words.emplace_back(1, lower(c));
    }
    inside = letter;
  }
  return words;
}

WordFeatures::WordFeatures(std::span<const std::string> texts) {
  struct Count {
    std::uint32_t texts = 0;
    std::size_t newest = 0;  // 1 + the text that it was met in last
  };
  std::unordered_map<std::string, Count> counts;
  std::vector<std::string> order;  // as they were met: numbers do not depend on the map's
  for (std::size_t i = 0; i < texts.size(); ++i) {
    note_progress();
    for_each_feature(texts[i], [&](const std::string& feature) {
      Count& count = counts[feature];
      if (count.newest == i + 1) return;
      count.newest = i + 1;
      if (++count.texts == kFewestTexts) order.push_back(feature);
    });
  }
  for (const std::string& feature : order) {
    numbers_.emplace(feature, static_cast<std::uint32_t>(weights_.size()));
    weights_.push_back(1 + std::log(double(texts.size()) / counts.at(feature).texts));
  }
}

SparseRow WordFeatures::row(std::string_view text) const {
  std::map<std::uint32_t, double> counts;
  for_each_feature(text, [&](const std::string& feature) {
    const auto found = numbers_.find(feature);
    if (found != numbers_.end()) ++counts[found->second];
  });
  double square = 0;
  for (auto& [number, value] : counts) {
    value = (1 + std::log(value)) * weights_[number];
    square += value * value;
  }
  SparseRow row;
  for (const auto& [number, value] : counts) {
    row.features.push_back(number);
    row.values.push_back(static_cast<float>(value / std::sqrt(square)));
  }
  return row;
}

}  // namespace arf
