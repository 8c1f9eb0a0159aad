#include "scoring/measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace arf {
namespace {

constexpr int kBins = 10;

std::array<double, 3> values_of(const Satisfaction& s) { return {s.bad, s.neutral, s.good}; }

double cross_entropy(const Satisfaction& predicted, const Satisfaction& label) {
  const auto p = values_of(predicted), q = values_of(label);
  double sum = 0;
  // A float32 probability may be 0 where the logarithm was about -100.
  for (std::size_t c = 0; c < 3; ++c) sum -= q[c] * std::log(std::max(p[c], 1e-38));
  return sum;
}

// counts[l][p]: texts of class l that were taken for p.
using Confusion = std::array<std::array<std::uint64_t, 3>, 3>;

void add_rates(const Confusion& counts, Measures* out) {
  double f1 = 0, recall = 0;
  int num_seen = 0, num_labelled = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint64_t labelled = counts[c][0] + counts[c][1] + counts[c][2];
    const std::uint64_t predicted = counts[0][c] + counts[1][c] + counts[2][c];
    const auto hits = static_cast<double>(counts[c][c]);
    out->labels[c] = labelled;
    out->recall[c] = labelled ? hits / static_cast<double>(labelled) : std::nan("");
    out->precision[c] = predicted ? hits / static_cast<double>(predicted) : std::nan("");
    if (labelled) recall += out->recall[c], ++num_labelled;
    if (labelled + predicted == 0) continue;
    f1 += 2 * hits / static_cast<double>(labelled + predicted);
    ++num_seen;
  }
  out->macro_f1 = f1 / num_seen;
  out->balanced_accuracy = recall / num_labelled;
}

struct Bin {
  double confidence = 0, hits = 0;
};

// Ranks from 0, of equals their mean.
std::vector<double> ranks_of(const std::vector<float>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = double(first + last - 1) / 2;
  }
  return ranks;
}

std::vector<float> rewards_of(const std::vector<Satisfaction>& all) {
  std::vector<float> rewards;
  for (const Satisfaction& one : all) rewards.push_back(one.reward());
  return rewards;
}

double rank_correlation(const std::vector<Satisfaction>& a, const std::vector<Satisfaction>& b) {
  const std::vector<float> rewards_a = rewards_of(a), rewards_b = rewards_of(b);
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(rewards_a.begin(), rewards_a.end(), finite)) return std::nan("");
  const std::vector<double> ranks_a = ranks_of(rewards_a), ranks_b = ranks_of(rewards_b);
  const double mean = double(a.size() - 1) / 2;
  double both = 0, square_a = 0, square_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (ranks_a[i] - mean) * (ranks_b[i] - mean);
    square_a += (ranks_a[i] - mean) * (ranks_a[i] - mean);
    square_b += (ranks_b[i] - mean) * (ranks_b[i] - mean);
  }
  return square_a > 0 && square_b > 0 ? both / std::sqrt(square_a * square_b) : std::nan("");
}

}  // namespace

int likeliest(const Satisfaction& satisfaction) {
  const auto values = values_of(satisfaction);
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

Measures measure(const std::vector<Satisfaction>& predicted,
                 const std::vector<Satisfaction>& labels) {
  ARF_CHECK(predicted.size() == labels.size(), "{} predictions of {} labels", predicted.size(),
            labels.size());
  Measures result;
  result.count = labels.size();
  if (labels.empty()) return result;
  const auto count = static_cast<double>(labels.size());
  Confusion counts{};
  std::array<Bin, kBins> bins;
  std::uint64_t hits = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(likeliest(labels[i]));
    const auto guess = static_cast<std::size_t>(likeliest(predicted[i]));
    const double confidence = values_of(predicted[i])[guess];
    ++counts[label][guess];
    Bin& bin = bins[static_cast<std::size_t>(std::clamp(int(confidence * kBins), 0, kBins - 1))];
    bin.confidence += confidence;
    bin.hits += label == guess ? 1 : 0;
    hits += label == guess ? 1 : 0;
    result.loss += cross_entropy(predicted[i], labels[i]) / count;
  }
  result.accuracy = static_cast<double>(hits) / count;
  for (const Bin& bin : bins) result.ece += std::abs(bin.confidence - bin.hits) / count;
  add_rates(counts, &result);
  result.spearman = rank_correlation(predicted, labels);
  return result;
}

}  // namespace arf
