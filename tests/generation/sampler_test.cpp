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
  Sampler sampler(temperature);
  std::vector<int> counts(logits.size());
  for (int i = 0; i < kDraws; ++i) {
    ++counts[static_cast<std::size_t>(
        sampler.pick(logits, stream.uniform(static_cast<std::uint32_t>(i))))];
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
  Sampler sampler(1.0);
  BOOST_TEST(sampler.pick(logits, 0.0) == 0);
  BOOST_TEST(sampler.pick(logits, 0.2499) == 0);
  BOOST_TEST(sampler.pick(logits, 0.2501) == 2);
  BOOST_TEST(sampler.pick(logits, 0.7499) == 2);
  BOOST_TEST(sampler.pick(logits, 0.7501) == 3);
  BOOST_TEST(sampler.pick(logits, std::nextafter(1.0, 0.0)) == 3);
  // What cannot be drawn is not drawn at the upper end either.
  BOOST_TEST(sampler.pick(std::vector<float>{1.0f, none}, std::nextafter(1.0, 0.0)) == 0);
}

BOOST_AUTO_TEST_CASE(temperature_zero_takes_the_first_of_the_largest) {
  Sampler sampler(0);
  BOOST_TEST(sampler.pick(std::vector<float>{1, 3, 3, 2}, 0.99) == 1);
}

BOOST_AUTO_TEST_CASE(logits_that_are_not_numbers_are_refused) {
  Sampler sampler(1);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), INFINITY}) {
    BOOST_CHECK_EXCEPTION(sampler.pick(std::vector<float>{0, bad}, 0.5), Error, [](const Error& e) {
      return e.code() == ExitCode::kInput &&
             std::string(e.what()).find("token 1") != std::string::npos;
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
