#include "evaluation/statistics.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "core/philox.h"

using namespace arf;

namespace {
std::vector<PairedSums> dialogues(std::size_t count, double shift) {
  const RandomStream stream(1, Purpose::kTest, 9);
  std::vector<PairedSums> made;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double theirs = 0.2 * stream.normal(i);
    made.push_back({theirs + shift, theirs, 1});
  }
  return made;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(statistics_test)

BOOST_AUTO_TEST_CASE(quantiles_interpolate_between_order_statistics) {
  std::vector<double> values = {4, 1, 3, 2};
  BOOST_TEST(quantile(&values, 0) == 1);
  BOOST_TEST(quantile(&values, 0.5) == 2.5);
  BOOST_TEST(quantile(&values, 0.25) == 1.75);
  BOOST_TEST(quantile(&values, 1) == 4);
}

BOOST_AUTO_TEST_CASE(statistics_of_sums_have_their_hand_computed_values) {
  const PairedSums sums{1.0, -0.5, 4};
  BOOST_TEST(mean_of_ours(sums) == 0.25);
  BOOST_TEST(mean_difference(sums) == 0.375);
  // ((1 + 0.25) / 2) / ((1 - 0.125) / 2)
  BOOST_TEST(std::abs(ratio_of_shifted_means(sums) - 0.625 / 0.4375) < 1e-15);
  BOOST_TEST(mean(std::vector<double>{1, 2, 6}) == 3);
  BOOST_TEST(std::isnan(mean({})));
}

BOOST_AUTO_TEST_CASE(the_bootstrap_of_one_dialogue_has_no_width) {
  const std::vector<PairedSums> one = {{1, 0.5, 2}};
  BOOST_TEST((bootstrap(one, mean_difference, 1) == Estimate{0.25, 0.25, 0.25}));
}

BOOST_AUTO_TEST_CASE(a_constant_difference_has_no_width_however_the_scores_scatter) {
  const Estimate estimate = bootstrap(dialogues(50, 0.1), mean_difference, 1);
  BOOST_TEST(std::abs(estimate.low - 0.1) < 1e-12);
  BOOST_TEST(std::abs(estimate.high - 0.1) < 1e-12);
  const Estimate level = bootstrap(dialogues(50, 0.1), mean_of_ours, 1);
  BOOST_TEST(level.high - level.low > 0.05);
}

BOOST_AUTO_TEST_CASE(the_interval_of_a_mean_is_near_that_of_the_normal_law) {
  const auto sample = dialogues(400, 0);
  double square = 0, sum = 0;
  for (const PairedSums& one : sample) {
    sum += one.ours;
    square += one.ours * one.ours;
  }
  const double m = sum / 400, error = std::sqrt((square / 400 - m * m) / 400);
  const Estimate estimate = bootstrap(sample, mean_of_ours, 3);
  BOOST_TEST(estimate.value == m);
  // 2,000 resamples leave the ends some 5 % of a standard error of noise.
  BOOST_TEST(std::abs(estimate.low - (m - 1.96 * error)) < 0.2 * error);
  BOOST_TEST(std::abs(estimate.high - (m + 1.96 * error)) < 0.2 * error);
}

BOOST_AUTO_TEST_CASE(the_bootstrap_depends_on_the_seed_alone) {
  const auto sample = dialogues(30, 0.05);
  BOOST_TEST((bootstrap(sample, ratio_of_shifted_means, 1) ==
              bootstrap(sample, ratio_of_shifted_means, 1)));
  BOOST_TEST(!(bootstrap(sample, ratio_of_shifted_means, 1) ==
               bootstrap(sample, ratio_of_shifted_means, 2)));
}

BOOST_AUTO_TEST_CASE(dialogues_are_resampled_with_all_their_replies) {
  // One dialogue with two replies, one with none of its score: a resample has 2, 1.5 or 1 replies a
  // dialogue, and the mean of ours is 1, 2/3 or 0.
  const std::vector<PairedSums> two = {{2, 0, 2}, {0, 0, 1}};
  const Estimate estimate = bootstrap(two, mean_of_ours, 1);
  BOOST_TEST(std::abs(estimate.value - 2.0 / 3) < 1e-15);
  BOOST_TEST(estimate.low == 0);
  BOOST_TEST(estimate.high == 1);
}

BOOST_AUTO_TEST_CASE(k3_is_zero_for_equal_policies_and_positive_otherwise) {
  const std::vector<float> p = {-1.0f, -2.0f}, q = {-2.0f, -2.0f};
  BOOST_TEST(kl_k3_sum(p, p) == 0);
  BOOST_TEST(std::abs(kl_k3_sum(p, q) - (std::exp(-1.0) - 1 + 1)) < 1e-15);
  BOOST_TEST(std::abs(kl_k3_sum(q, p) - (std::exp(1.0) - 1 - 1)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(distinct_2_counts_pairs_of_neighbours) {
  BOOST_TEST(distinct_2({{1, 2, 1, 2}, {2, 1}}) == 0.5);  // 12 21 12 | 21: 2 of 4
  BOOST_TEST(distinct_2({{1}, {}}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
