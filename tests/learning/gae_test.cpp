#include "learning/gae.h"

#include "tests/learning/units.h"

using namespace arf;

namespace {

std::vector<double> drawn(std::size_t count, std::uint64_t unit) {
  const RandomStream stream(8, Purpose::kTest, unit);
  std::vector<double> values;
  for (std::uint32_t i = 0; i < count; ++i) values.push_back(stream.normal(i));
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gae_test)

BOOST_AUTO_TEST_CASE(EqualsTheDirectSum) {
  for (const std::size_t n : {1, 2, 7, 40}) {
    for (const auto& [gamma, lambda] :
         {std::pair{0.99, 0.95}, {1.0, 1.0}, {0.5, 0.0}, {0.9, 0.3}}) {
      const auto rewards = drawn(n, 2 * n), values = drawn(n, 2 * n + 1);
      const Advantages found = generalised_advantages(rewards, values, gamma, lambda);
      for (std::size_t t = 0; t < n; ++t) {
        double expected = 0;
        for (std::size_t l = 0; t + l < n; ++l) {
          const double next = t + l + 1 < n ? values[t + l + 1] : 0;
          const double delta = rewards[t + l] + gamma * next - values[t + l];
          expected += std::pow(gamma * lambda, double(l)) * delta;
        }
        BOOST_TEST(std::abs(found.advantages[t] - expected) < 1e-12);
        BOOST_TEST(found.returns[t] == found.advantages[t] + values[t]);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(WithLambdaOneTheReturnIsTheDiscountedReward) {
  const std::vector<double> rewards = {0, 0, 1}, values = {5, -3, 2};
  const Advantages found = generalised_advantages(rewards, values, 0.5, 1.0);
  BOOST_TEST(found.returns == (std::vector<double>{0.25, 0.5, 1.0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(NoStepsGiveNothingAndUnequalCountsAreADefect) {
  BOOST_TEST(generalised_advantages({}, {}, 1, 1).advantages.empty());
  const std::vector<double> one = {1};
  BOOST_CHECK_THROW(generalised_advantages(one, {}, 1, 1), Error);
}

BOOST_AUTO_TEST_SUITE_END()
