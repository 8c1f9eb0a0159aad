#include "data_io/duplicates.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

namespace {

std::vector<Verdict> judged(const std::vector<KeyedRow>& rows) { return Duplicates().judge(rows); }

}  // namespace

BOOST_AUTO_TEST_SUITE(duplicates_test)

BOOST_AUTO_TEST_CASE(TheFirstCopyStays) {
  const auto verdicts = judged({{"a", 0}, {"b", 1}, {"a", 0}, {"a", 0}});
  BOOST_TEST((verdicts ==
              std::vector{Verdict::kKept, Verdict::kKept, Verdict::kRepeated, Verdict::kRepeated}));
}

BOOST_AUTO_TEST_CASE(MostCopiesDecideOnTheClass) {
  const auto verdicts = judged({{"a", 2}, {"a", 1}, {"a", 1}});
  BOOST_TEST((verdicts == std::vector{Verdict::kOutvoted, Verdict::kKept, Verdict::kRepeated}));
}

BOOST_AUTO_TEST_CASE(WithoutAMajorityNoCopyStays) {
  for (const auto& rows : {std::vector<KeyedRow>{{"a", 2}, {"a", 1}},
                           {{"a", 0}, {"a", 1}, {"a", 1}, {"a", 0}},
                           {{"a", 2}, {"a", 0}, {"a", 1}}}) {
    for (const Verdict verdict : judged(rows)) BOOST_TEST((verdict == Verdict::kUndecided));
  }
  // Two of one class, and one each of two others: decided.
  BOOST_TEST((judged({{"a", 0}, {"a", 2}, {"a", 1}, {"a", 2}})[1] == Verdict::kKept));
}

BOOST_AUTO_TEST_CASE(AnEarlierSourceHasTheText) {
  Duplicates duplicates;
  duplicates.remember({"a", 1});
  const auto verdicts = duplicates.judge({{"a", 1}, {"a", 0}, {"b", 0}});
  BOOST_TEST(
      (verdicts == std::vector{Verdict::kElsewhere, Verdict::kContradicted, Verdict::kKept}));
}

BOOST_AUTO_TEST_CASE(EveryReasonHasItsWords) {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(Verdict::kContradicted); ++i)
    words.emplace_back(reason_of(static_cast<Verdict>(i)));
  std::sort(words.begin(), words.end());
  BOOST_TEST(!words[0].empty());
  BOOST_TEST((std::adjacent_find(words.begin(), words.end()) == words.end()));
}

BOOST_AUTO_TEST_SUITE_END()
