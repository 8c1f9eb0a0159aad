#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/error.h"
#include "core/philox.h"

namespace arf {

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Estimate bootstrap(std::span<const PairedSums> dialogues,
                   const std::function<double(const PairedSums&)>& statistic, std::uint64_t seed,
                   int resamples) {
  ARF_CHECK(!dialogues.empty() && resamples > 0, "{} dialogues, {} resamples", dialogues.size(),
            resamples);
  const auto add = [](PairedSums* sum, const PairedSums& one) {
    sum->ours += one.ours;
    sum->theirs += one.theirs;
    sum->replies += one.replies;
  };
  PairedSums all;
  for (const PairedSums& one : dialogues) add(&all, one);
  std::vector<double> values;
  const auto n = static_cast<std::uint32_t>(dialogues.size());
  for (int r = 0; r < resamples; ++r) {
    const RandomStream stream(seed, Purpose::kBootstrap, static_cast<std::uint64_t>(r));
    PairedSums sum;
    for (std::uint32_t i = 0; i < n; ++i) add(&sum, dialogues[stream.below(i, n)]);
    values.push_back(statistic(sum));
  }
  const double low = quantile(&values, 0.025), high = quantile(&values, 0.975);
  return {statistic(all), low, high};
}

double mean_of_ours(const PairedSums& sums) { return sums.ours / sums.replies; }

double mean_difference(const PairedSums& sums) { return (sums.ours - sums.theirs) / sums.replies; }

double ratio_of_shifted_means(const PairedSums& sums) {
  return (sums.replies + sums.ours) / (sums.replies + sums.theirs);
}

double quantile(std::vector<double>* values, double p) {
  ARF_CHECK(!values->empty(), "a quantile of nothing");
  std::sort(values->begin(), values->end());
  const double place = p * static_cast<double>(values->size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values->size() - 1);
  return (*values)[below] +
         (place - static_cast<double>(below)) * ((*values)[above] - (*values)[below]);
}

double kl_k3_sum(std::span<const float> policy_logprobs,
                 std::span<const float> reference_logprobs) {
  ARF_CHECK(policy_logprobs.size() == reference_logprobs.size(), "{} and {} log-probs",
            policy_logprobs.size(), reference_logprobs.size());
  double sum = 0;
  for (std::size_t i = 0; i < policy_logprobs.size(); ++i) {
    const double d =
        static_cast<double>(reference_logprobs[i]) - static_cast<double>(policy_logprobs[i]);
    sum += std::expm1(d) - d;
  }
  return sum;
}

double distinct_2(const std::vector<std::vector<std::int32_t>>& replies) {
  std::set<std::pair<std::int32_t, std::int32_t>> distinct;
  std::size_t pairs = 0;
  for (const auto& reply : replies) {
    for (std::size_t i = 1; i < reply.size(); ++i) {
      distinct.emplace(reply[i - 1], reply[i]);
      ++pairs;
    }
  }
  return pairs == 0 ? 0.0 : static_cast<double>(distinct.size()) / static_cast<double>(pairs);
}

}  // namespace arf
