#include "text/longest_prefix.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

namespace {

// "length:value" of the match, or "none".
std::string found(const LongestPrefix& prefixes, std::string_view text) {
  const auto match = prefixes.find(text);
  return match ? std::to_string(match->length) + ":" + std::to_string(match->value) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(longest_prefix_test)

BOOST_AUTO_TEST_CASE(TheLongestIsTakenWhateverTheOrder) {
  const LongestPrefix prefixes({{"abc", 1}, {"a", 2}, {"ab", 3}, {"abd", 4}, {"b", 5}});
  BOOST_TEST(found(prefixes, "abcd") == "3:1");
  BOOST_TEST(found(prefixes, "abx") == "2:3");
  BOOST_TEST(found(prefixes, "ab") == "2:3");
  BOOST_TEST(found(prefixes, "ax") == "1:2");
  BOOST_TEST(found(prefixes, "bb") == "1:5");
  BOOST_TEST(found(prefixes, "c") == "none");
  BOOST_TEST(found(prefixes, "") == "none");
}

BOOST_AUTO_TEST_CASE(AMatchThatGoesNoFurtherFallsBackToAShorterOne) {
  const LongestPrefix prefixes({{"a", 1}, {"abcde", 2}});
  BOOST_TEST(found(prefixes, "abcdx") == "1:1");
}

BOOST_AUTO_TEST_CASE(OfEqualTextsTheFirstHoldsAndEmptyOnesAreNeverFound) {
  const LongestPrefix prefixes({{"", 1}, {"x", 2}, {"x", 3}});
  BOOST_TEST(found(prefixes, "xy") == "1:2");
  BOOST_TEST(found(prefixes, "y") == "none");
  BOOST_TEST(found(LongestPrefix(), "y") == "none");
}

BOOST_AUTO_TEST_CASE(BytesAboveAsciiAreOrdered) {
  const LongestPrefix prefixes({{"\xc3\xa4", 1}, {"\xc3", 2}, {"\xff", 3}, {"z", 4}});
  BOOST_TEST(found(prefixes, "\xc3\xa4x") == "2:1");
  BOOST_TEST(found(prefixes, "\xc3\xbc") == "1:2");
  BOOST_TEST(found(prefixes, "\xff") == "1:3");
}

BOOST_AUTO_TEST_SUITE_END()
