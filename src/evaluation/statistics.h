// Means, paired bootstrap intervals, and what is measured on replies.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace arf {

double mean(std::span<const double> values);  // NaN of none

struct Estimate {
  double value = 0;
  double low = 0, high = 0;  // 95 % interval
  bool operator==(const Estimate&) const = default;
};

// What one dialogue contributes: sums over its replies. Replies of a dialogue depend on each
// other, so a dialogue is resampled as a whole.
struct PairedSums {
  double ours = 0, theirs = 0;  // sums of a score of our and of the baseline's replies
  double replies = 0;           // of each
};

// Percentile bootstrap (Efron 1979) over the dialogues with `resamples` draws from
// RandomStream(seed, Purpose::kBootstrap, resample): every statistic of one seed and number of
// dialogues sees the same resamples. statistic gets the sums over a resample.
Estimate bootstrap(std::span<const PairedSums> dialogues,
                   const std::function<double(const PairedSums&)>& statistic, std::uint64_t seed,
                   int resamples = 2000);

// Mean of ours; ours - theirs per reply.
double mean_of_ours(const PairedSums& sums);
double mean_difference(const PairedSums& sums);
// mean((1 + S_ours) / 2) / mean((1 + S_theirs) / 2) for scores S in [-1, 1]: a ratio of scores that
// may be negative would mean nothing.
double ratio_of_shifted_means(const PairedSums& sums);

// The p-quantile (0 <= p <= 1) with linear interpolation between order statistics; values is sorted
// by the call.
double quantile(std::vector<double>* values, double p);

// Estimate of KL(policy || reference) from tokens sampled by the policy: the sum over tokens of
// exp(d) - 1 - d with d = log p_reference - log p_policy; each term >= 0 and without bias where the
// tokens were drawn at temperature 1 (Schulman 2020, "k3").
double kl_k3_sum(std::span<const float> policy_logprobs, std::span<const float> reference_logprobs);

// Share of distinct pairs among all pairs of neighbouring tokens of the replies (Li et al. 2016);
// 0 where there are no pairs.
double distinct_2(const std::vector<std::vector<std::int32_t>>& replies);

}  // namespace arf
