#include "scoring/bag_of_words.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/parallel.h"
#include "scoring/lbfgs.h"

namespace arf {
namespace {

constexpr std::size_t kPart = 1024;  // texts, or features, that one thread handles at a time

using Three = std::array<double, 3>;

// log softmax of the row's logits under weights [features + 1][3].
Three log_probabilities(const SparseRow& row, const std::vector<double>& weights) {
  const double* bias = weights.data() + weights.size() - 3;
  Three logits{bias[0], bias[1], bias[2]};
  for (std::size_t k = 0; k < row.features.size(); ++k) {
    const double* of = weights.data() + 3 * std::size_t{row.features[k]};
    for (std::size_t c = 0; c < 3; ++c) logits[c] += of[c] * row.values[k];
  }
  const double most = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - most);
  for (double& logit : logits) logit -= most + std::log(sum);
  return logits;
}

// Where each feature stands: columns of the rows, so that one thread adds one feature's gradient.
struct Columns {
  Columns(std::size_t num_features, const std::vector<SparseRow>& rows) : first(num_features + 1) {
    for (const SparseRow& row : rows) {
      for (const std::uint32_t feature : row.features) ++first[feature + 1];
    }
    std::partial_sum(first.begin(), first.end(), first.begin());
    text.resize(first.back()), value.resize(first.back());
    std::vector<std::size_t> next(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t k = 0; k < rows[i].features.size(); ++k) {
        const std::size_t at = next[rows[i].features[k]]++;
        text[at] = static_cast<std::uint32_t>(i), value[at] = rows[i].values[k];
      }
    }
  }
  std::vector<std::size_t> first;  // [features + 1], into the other two
  std::vector<std::uint32_t> text;
  std::vector<float> value;
};

class Loss {
 public:
  Loss(std::size_t num_features, const std::vector<SparseRow>& rows,
       const std::vector<Satisfaction>& labels, const BagOfWordsSettings& settings)
      : rows_(rows),
        columns_(num_features, rows),
        settings_(settings),
        penalty_(1 / (settings.strength * double(rows.size()))),
        slopes_(rows.size()),
        losses_(rows.size()) {
    for (const Satisfaction& label : labels) {
      Three target{label.bad, label.neutral, label.good};
      for (std::size_t c = 0; c < 3; ++c)
        target[c] *= settings.class_weights[c] / double(rows.size());
      targets_.push_back(target);
    }
  }

  double operator()(const std::vector<double>& weights, std::vector<double>* gradient) {
    for_parts(rows_.size(), [&](std::size_t i) { look_at_text(i, weights); });
    const std::size_t num_features = columns_.first.size() - 1;
    for_parts(num_features, [&](std::size_t f) { look_at_feature(f, weights, gradient); });
    double loss = std::accumulate(losses_.begin(), losses_.end(), 0.0), square = 0;
    for (std::size_t w = 0; w < 3 * num_features; ++w) square += weights[w] * weights[w];
    for (std::size_t c = 0; c < 3; ++c) {
      double& of_bias = (*gradient)[3 * num_features + c] = 0;
      for (const Three& slope : slopes_) of_bias += slope[c];
    }
    return loss + penalty_ / 2 * square;
  }

 private:
  template <typename Body>
  void for_parts(std::size_t count, const Body& body) const {
    parallel_for((count + kPart - 1) / kPart, settings_.threads, [&](std::size_t part) {
      const std::size_t last = std::min(count, (part + 1) * kPart);
      for (std::size_t i = part * kPart; i < last; ++i) body(i);
    });
  }

  // The text's loss, and its slope by the logits.
  void look_at_text(std::size_t i, const std::vector<double>& weights) {
    const Three log_p = log_probabilities(rows_[i], weights);
    const Three& target = targets_[i];
    const double mass = target[0] + target[1] + target[2];
    losses_[i] = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      losses_[i] -= target[c] * log_p[c];
      slopes_[i][c] = mass * std::exp(log_p[c]) - target[c];
    }
  }

  void look_at_feature(std::size_t f, const std::vector<double>& weights,
                       std::vector<double>* gradient) const {
    Three sum{};
    for (std::size_t k = columns_.first[f]; k < columns_.first[f + 1]; ++k) {
      const Three& slope = slopes_[columns_.text[k]];
      for (std::size_t c = 0; c < 3; ++c) sum[c] += slope[c] * columns_.value[k];
    }
    for (std::size_t c = 0; c < 3; ++c)
      (*gradient)[3 * f + c] = sum[c] + penalty_ * weights[3 * f + c];
  }

  const std::vector<SparseRow>& rows_;
  Columns columns_;
  BagOfWordsSettings settings_;
  double penalty_;
  std::vector<Three> targets_;  // times class weights, over the number of texts
  std::vector<Three> slopes_;   // of each text's loss by its logits
  std::vector<double> losses_;
};

}  // namespace

BagOfWords::BagOfWords(std::size_t num_features, const std::vector<SparseRow>& rows,
                       const std::vector<Satisfaction>& labels, const BagOfWordsSettings& settings)
    : weights_(3 * (num_features + 1), 0.0) {
  ARF_CHECK(!rows.empty() && rows.size() == labels.size(), "{} texts, {} labels", rows.size(),
            labels.size());
  Loss loss(num_features, rows, labels, settings);
  minimise(std::ref(loss), &weights_, {});
}

Satisfaction BagOfWords::predict(const SparseRow& row) const {
  const Three log_p = log_probabilities(row, weights_);
  const auto p = [&](std::size_t c) { return static_cast<float>(std::exp(log_p[c])); };
  return {p(0), p(1), p(2)};
}

}  // namespace arf
