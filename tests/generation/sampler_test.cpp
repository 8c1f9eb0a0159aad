#include "generation/sampler.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/philox.h"

using namespace arf;

namespace {

// Pearson's statistic of 20,000 draws against softmax(logits / temperature).
double chi_square(const std::vector<float>& logits, double temperature) {
  constexpr int kDraws = 20000;
  const RandomStream stream(1, Purpose::kTest, 2);
  Sampler sampler({.temperature = temperature});
  std::vector<int> counts(logits.size());
  for (int i = 0; i < kDraws; ++i) {
    ++counts[static_cast<std::size_t>(
        sampler.pick(logits, stream.uniform(static_cast<std::uint32_t>(i))).token)];
  }
  double sum = 0, statistic = 0;
  for (const float logit : logits) sum += std::exp(logit / temperature);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double expected = kDraws * std::exp(logits[i] / temperature) / sum;
    statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return statistic;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sampler_test)

BOOST_AUTO_TEST_CASE(frequencies_are_those_of_the_softmax) {
  const std::vector<float> logits = {0.5f, -1.0f, 2.0f, 0.0f, 1.0f};
  // The 99.9 % point of chi-square with 4 degrees of freedom.
  BOOST_TEST(chi_square(logits, 1.0) < 18.47);
  BOOST_TEST(chi_square(logits, 0.5) < 18.47);
  BOOST_TEST(chi_square(logits, 3.0) < 18.47);
}

BOOST_AUTO_TEST_CASE(the_cumulative_probability_is_inverted_in_index_order) {
  // Probabilities 0.25, 0, 0.5, 0.25.
  const float none = -1e30f;
  const std::vector<float> logits = {std::log(0.25f), none, std::log(0.5f), std::log(0.25f)};
  Sampler sampler({});
  BOOST_TEST(sampler.pick(logits, 0.0).token == 0);
  BOOST_TEST(sampler.pick(logits, 0.2499).token == 0);
  BOOST_TEST(sampler.pick(logits, 0.2501).token == 2);
  BOOST_TEST(sampler.pick(logits, 0.7499).token == 2);
  BOOST_TEST(sampler.pick(logits, 0.7501).token == 3);
  BOOST_TEST(sampler.pick(logits, std::nextafter(1.0, 0.0)).token == 3);
  // What cannot be drawn is not drawn at the upper end either.
  BOOST_TEST(sampler.pick(std::vector<float>{1.0f, none}, std::nextafter(1.0, 0.0)).token == 0);
}

BOOST_AUTO_TEST_CASE(temperature_zero_takes_the_first_of_the_largest) {
  Sampler sampler({.temperature = 0});
  BOOST_TEST(sampler.pick(std::vector<float>{1, 3, 3, 2}, 0.99).token == 1);
}

BOOST_AUTO_TEST_CASE(logits_that_are_not_numbers_are_refused) {
  Sampler sampler({});
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), INFINITY}) {
    BOOST_CHECK_EXCEPTION(sampler.pick(std::vector<float>{0, bad}, 0.5), Error, [](const Error& e) {
      return e.code() == ExitCode::kInput &&
             std::string(e.what()).find("token 1") != std::string::npos;
    });
  }
}

// Which tokens the rule leaves, and that they keep their proportions.
void check_left(const SamplingRule& rule, const std::vector<float>& probabilities,
                const std::vector<std::int32_t>& expected,
                const std::vector<std::int32_t>& before = {}) {
  std::vector<float> logits;
  for (const float p : probabilities) logits.push_back(std::log(p));
  Sampler sampler(rule);
  double mass = 0;
  for (const std::int32_t token : expected) mass += probabilities[static_cast<std::size_t>(token)];
  double passed = 0;
  for (const std::int32_t token : expected) {
    const double p = probabilities[static_cast<std::size_t>(token)] / mass;
    for (const double part : {0.01, 0.99}) {
      const Sampler::Drawn drawn = sampler.pick(logits, passed + part * p, before);
      BOOST_TEST(drawn.token == token);
      BOOST_TEST(drawn.logprob == std::log(p), boost::test_tools::tolerance(1e-6));
    }
    passed += p;
  }
}

BOOST_AUTO_TEST_CASE(top_k_keeps_the_likeliest_and_those_as_likely) {
  const std::vector<float> p = {0.1f, 0.3f, 0.2f, 0.3f, 0.1f};
  check_left({.top_k = 1}, p, {1, 3});
  check_left({.top_k = 3}, p, {1, 2, 3});
  check_left({.top_k = 4}, p, {0, 1, 2, 3, 4});
  check_left({.top_k = 9}, p, {0, 1, 2, 3, 4});
}

BOOST_AUTO_TEST_CASE(top_p_keeps_the_fewest_that_reach_it) {
  const std::vector<float> p = {0.1f, 0.4f, 0.2f, 0.3f};
  check_left({.top_p = 0.3}, p, {1});
  check_left({.top_p = 0.5}, p, {1, 3});
  check_left({.top_p = 0.75}, p, {1, 2, 3});
  check_left({.top_p = 0.95}, p, {0, 1, 2, 3});
  check_left({.top_p = 1e-9}, p, {1});
  check_left({.top_p = 0.6}, {0.25f, 0.25f, 0.25f, 0.25f}, {0, 1, 2});
}

BOOST_AUTO_TEST_CASE(min_p_is_relative_to_the_likeliest) {
  const std::vector<float> p = {0.1f, 0.4f, 0.2f, 0.3f};
  check_left({.min_p = 0.6}, p, {1, 3});
  check_left({.min_p = 1}, p, {1});
}

// top_p is of what top_k leaves: of 0.4, 0.3, 0.2 it is 0.444, 0.333, 0.222.
BOOST_AUTO_TEST_CASE(the_rules_follow_one_another) {
  check_left({.top_k = 3, .top_p = 0.75}, {0.1f, 0.4f, 0.2f, 0.3f}, {1, 3});
  check_left({.top_k = 3, .top_p = 0.79}, {0.1f, 0.4f, 0.2f, 0.3f}, {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(the_penalty_is_for_tokens_that_stand_before) {
  Sampler sampler({.temperature = 0, .repetition_penalty = 2});
  const std::vector<float> logits = {3, 2, -1, -1.5f};
  BOOST_TEST(sampler.pick(logits, 0).token == 0);
  BOOST_TEST(sampler.pick(logits, 0, std::vector<std::int32_t>{0, 0}).token == 1);
  BOOST_TEST(sampler.pick(std::vector<float>{-1, -1.5f}, 0, std::vector<std::int32_t>{0}).token ==
             1);
}

BOOST_AUTO_TEST_CASE(values_out_of_range_are_refused_by_name) {
  const auto refused = [](const SamplingRule& rule, const char* key) {
    BOOST_CHECK_EXCEPTION(Sampler{rule}, Error, [&](const Error& e) {
      return e.code() == ExitCode::kUsage && std::string(e.what()).find(key) != std::string::npos;
    });
  };
  refused({.temperature = -1}, "temperature");
  refused({.top_k = -1}, "top_k");
  refused({.top_p = 0}, "top_p");
  refused({.top_p = 1.1}, "top_p");
  refused({.min_p = -0.1}, "min_p");
  refused({.repetition_penalty = 0}, "repetition_penalty");
  refused({.repetition_penalty = INFINITY}, "repetition_penalty");
}

BOOST_AUTO_TEST_SUITE_END()
