#include "experiments/score_path.h"

#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(score_path_test)

BOOST_AUTO_TEST_CASE(HalfOfTheWayIsCountedFromTheChange) {
  const Series path{"task", {0, 10, 20, 30, 40, 50}, {0, 0, 0.1, 0.7, 0.8, 0.2}};
  const auto liked = followed(path, 10, 40, true);
  BOOST_REQUIRE(liked.has_value());
  BOOST_TEST(liked->before == 0);
  BOOST_TEST(liked->after == 0.8);
  BOOST_TEST(liked->half_way.value() == 20);  // 0.7 at 30 is the first beyond 0.4
  const auto turned = followed(path, 40, 50, false);
  BOOST_TEST(turned.value().half_way.value() == 10);
}

BOOST_AUTO_TEST_CASE(APathThatGoesTheOtherWayDoesNotFollow) {
  const Series path{"task", {0, 10, 20}, {0.5, 0.4, 0.1}};
  BOOST_TEST(!followed(path, 0, 20, true).value().half_way);
  BOOST_TEST(followed(path, 0, 20, false).value().half_way.has_value());
  BOOST_TEST(!followed(path, 20, 30, true));  // no point in the span
}

BOOST_AUTO_TEST_CASE(APathBeginsWithTheScorerBefore) {
  const TemporaryFolder folder;
  folder.write(
      "metrics.jsonl",
      "{\"messages\":5,\"probe/a\":0.25}\n{\"messages\":6}\n{\"messages\":7,\"probe/a\":0.5}\n");
  const Json tracked = {{"probes", {{"a", {{"before", -1.0}, {"after", 0.5}}}}}};
  const auto paths = score_paths(folder.path(), tracked, {"a"});
  BOOST_REQUIRE(paths.size() == 1u);
  BOOST_TEST(paths[0].x == (std::vector<double>{0, 5, 7}), boost::test_tools::per_element());
  BOOST_TEST(paths[0].y == (std::vector<double>{-1, 0.25, 0.5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
