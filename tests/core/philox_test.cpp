#include "core/philox.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

#include "core/epoch_order.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(philox_test)

namespace {
using Counter = std::array<std::uint32_t, 4>;
}

// The known answers that the authors of the generator publish with it (Random123, philox4x32-10).
BOOST_AUTO_TEST_CASE(PublishedKnownAnswersHold) {
  BOOST_TEST((philox4x32({0, 0, 0, 0}, {0, 0}) ==
              Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  BOOST_TEST((philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
              Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  BOOST_TEST(
      (philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
       Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

BOOST_AUTO_TEST_CASE(StreamsOfOtherKeysDiffer) {
  std::set<std::uint32_t> first;
  std::size_t streams = 0;
  for (std::uint64_t seed : {1, 2}) {
    for (Purpose purpose : {Purpose::kSampling, Purpose::kTest}) {
      for (std::uint64_t unit : {0ull, 1ull, 1ull << 32, 1ull << 63}) {
        for (std::uint32_t sample : {0u, 1u}) {
          first.insert(RandomStream(seed, purpose, unit, sample).bits(0));
          ++streams;
        }
      }
    }
  }
  BOOST_TEST(first.size() == streams);
}

BOOST_AUTO_TEST_CASE(NumbersAreAddressedNotConsumed) {
  const RandomStream stream(1, Purpose::kTest, 5);
  const double later = stream.uniform(1000), sooner = stream.uniform(3);
  BOOST_TEST(stream.uniform(3) == sooner);
  BOOST_TEST(RandomStream(1, Purpose::kTest, 5).uniform(1000) == later);
}

BOOST_AUTO_TEST_CASE(UniformNumbersFillTheInterval) {
  const RandomStream stream(7, Purpose::kTest, 0);
  constexpr int kCount = 20000;
  double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const double u = stream.uniform(i), n = stream.normal(i);
    BOOST_REQUIRE((u >= 0 && u < 1));
    sum += u, squares += u * u, normal_sum += n, normal_squares += n * n;
  }
  // Five standard errors.
  BOOST_TEST(std::abs(sum / kCount - 0.5) < 5 * std::sqrt(1.0 / 12 / kCount));
  BOOST_TEST(std::abs(squares / kCount - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / kCount));
  BOOST_TEST(std::abs(normal_sum / kCount) < 5 / std::sqrt(double{kCount}));
  BOOST_TEST(std::abs(normal_squares / kCount - 1) < 5 * std::sqrt(2.0 / kCount));
}

BOOST_AUTO_TEST_CASE(BelowStaysBelowAndReachesAll) {
  const RandomStream stream(3, Purpose::kTest, 0);
  std::set<std::uint32_t> seen;
  for (std::uint32_t i = 0; i < 500; ++i) seen.insert(stream.below(i, 7));
  BOOST_TEST(seen.size() == 7u);
  BOOST_TEST(*seen.rbegin() == 6u);
}

BOOST_AUTO_TEST_CASE(EpochOrderIsANewPermutationEveryEpoch) {
  EpochOrder order(50, 1, Purpose::kOrder);
  std::vector<std::vector<std::size_t>> epochs(2);
  for (std::uint64_t i = 0; i < 100; ++i) epochs[i / 50].push_back(order.at(i));
  for (const auto& epoch : epochs) {
    BOOST_TEST(std::set<std::size_t>(epoch.begin(), epoch.end()).size() == 50u);
  }
  BOOST_TEST((epochs[0] != epochs[1]));
  BOOST_TEST(order.at(3) == epochs[0][3]);  // back into the first epoch
}

BOOST_AUTO_TEST_SUITE_END()
