#include "data_io/stratified_split.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <map>

#include "core/error.h"
#include "core/hash.h"

using namespace arf;

namespace {

// `count` rows of three strata, half, a third and a sixth of them.
std::vector<HashedRow> rows_of(int count) {
  std::vector<HashedRow> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({xxh3("row " + std::to_string(i)), i % 6 < 3 ? 0u : i % 6 < 5 ? 1u : 2u});
  return rows;
}

template <typename Picked>
std::map<std::size_t, std::size_t> strata_of(const std::vector<HashedRow>& rows,
                                             const Picked& picked) {
  std::map<std::size_t, std::size_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) counts[rows[i].stratum] += picked(i) ? 1 : 0;
  return counts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stratified_split_test)

BOOST_AUTO_TEST_CASE(EachStratumHasItsShares) {
  const auto rows = rows_of(6000);
  const auto parts = split_by_hash(rows, {.validation = 0.05, .test = 0.1});
  const auto test = strata_of(rows, [&](auto i) { return parts[i] == SplitPart::kTest; });
  const auto validation =
      strata_of(rows, [&](auto i) { return parts[i] == SplitPart::kValidation; });
  BOOST_TEST((test == std::map<std::size_t, std::size_t>{{0, 300}, {1, 200}, {2, 100}}));
  BOOST_TEST((validation == std::map<std::size_t, std::size_t>{{0, 150}, {1, 100}, {2, 50}}));
}

BOOST_AUTO_TEST_CASE(APartDependsOnTheHashAndNotOnTheOrder) {
  auto rows = rows_of(601);
  const auto parts = split_by_hash(rows, {});
  std::map<std::uint64_t, SplitPart> by_hash;
  for (std::size_t i = 0; i < rows.size(); ++i) by_hash[rows[i].hash] = parts[i];
  std::reverse(rows.begin(), rows.end());
  const auto reversed = split_by_hash(rows, {});
  for (std::size_t i = 0; i < rows.size(); ++i)
    BOOST_REQUIRE((by_hash.at(rows[i].hash) == reversed[i]));
  BOOST_TEST((reversed != std::vector<SplitPart>(rows.size(), SplitPart::kTrain)));
}

BOOST_AUTO_TEST_CASE(AShareOfNothingTakesNothing) {
  const auto rows = rows_of(60);
  const auto parts = split_by_hash(rows, {.validation = 0, .test = 0});
  BOOST_TEST((parts == std::vector<SplitPart>(60, SplitPart::kTrain)));
  BOOST_TEST(split_by_hash({}, {}).empty());
  BOOST_CHECK_THROW(split_by_hash(rows, {.validation = 0.5, .test = 0.5}), Error);
}

BOOST_AUTO_TEST_CASE(ASubsetHasTheStrataInProportion) {
  const auto rows = rows_of(600);
  const auto taken = draw_by_hash(rows, 100);  // 50, 33 1/3 and 16 2/3
  BOOST_TEST((strata_of(rows, [&](auto i) { return taken[i]; }) ==
              std::map<std::size_t, std::size_t>{{0, 50}, {1, 33}, {2, 17}}));
  BOOST_TEST((draw_by_hash(rows, 600) == std::vector<bool>(600, true)));
  BOOST_TEST((draw_by_hash(rows, 601) == std::vector<bool>(600, true)));
}

// "The first of the file" would be one half of it.
BOOST_AUTO_TEST_CASE(ASubsetIsDrawnFromTheWholeFile) {
  const auto rows = rows_of(6000);
  const auto taken = draw_by_hash(rows, 3000);
  const auto first = std::count(taken.begin(), taken.begin() + 3000, true);
  BOOST_TEST(first > 1350);
  BOOST_TEST(first < 1650);
}

// Taken by the same hash, the subset would be the rows that come first in the split: test first.
BOOST_AUTO_TEST_CASE(ASubsetIsDrawnWithoutRegardToTheParts) {
  const auto rows = rows_of(6000);
  const auto parts = split_by_hash(rows, {.validation = 0, .test = 0.1});
  const auto taken = draw_by_hash(rows, 3000);
  std::array<int, kNumParts> counts{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (taken[i]) ++counts[static_cast<std::size_t>(parts[i])];
  }
  BOOST_TEST(counts[2] > 250);
  BOOST_TEST(counts[2] < 350);
}

BOOST_AUTO_TEST_SUITE_END()
