#include "data_io/metrics_file.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/error.h"
#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(metrics_file_test)

BOOST_AUTO_TEST_CASE(MetricsOfAnInterruptedRunAreCutAtItsCheckpoint) {
  const TemporaryFolder folder;
  MetricsFile::Position at;
  {
    MetricsFile metrics(folder.path(), {});
    for (int i = 1; i <= 5; ++i) {
      metrics.add({{"iteration", i}, {"loss", 1.0 / i}});
      if (i == 3) at = metrics.position();
    }
  }
  std::ofstream(folder / "metrics.jsonl", std::ios::app) << "{\"iteration\":6,\"lo";
  const auto events = folder / "events.out.tfevents.0.arf";
  const auto events_before = std::filesystem::file_size(events);
  MetricsFile metrics(folder.path(), at);
  BOOST_TEST(metrics.lines().size() == 3u);
  BOOST_TEST(std::filesystem::file_size(events) < events_before);
  metrics.add({{"iteration", 4}, {"loss", 0.25}});
  BOOST_TEST(metrics.lines().back()["loss"] == 0.25);
  const std::string text = read_file(folder / "metrics.jsonl");
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 4);
}

BOOST_AUTO_TEST_CASE(AFreshRunStartsItsMetricsAnew) {
  const TemporaryFolder folder;
  { MetricsFile(folder.path(), {}).add({{"iteration", 1}}); }
  BOOST_TEST(MetricsFile(folder.path(), {}).lines().empty());
  BOOST_TEST(read_file(folder / "metrics.jsonl").empty());
}

BOOST_AUTO_TEST_CASE(FilesShorterThanTheirCheckpointAreRefused) {
  const TemporaryFolder folder;
  { MetricsFile(folder.path(), {}).add({{"iteration", 1}}); }
  BOOST_CHECK_THROW(MetricsFile(folder.path(), {1000, 40}), Error);
}

// Every line would be whole, and the next one begin behind the last in the same line.
BOOST_AUTO_TEST_CASE(FileThatWasChangedBeforeItsCheckpointIsRefusedAtOnce) {
  const TemporaryFolder folder;
  MetricsFile::Position at;
  {
    MetricsFile metrics(folder.path(), {});
    for (int i = 1; i <= 3; ++i) {
      metrics.add({{"iteration", i}});
      if (i == 2) at = metrics.position();
    }
  }
  std::string text = read_file(folder / "metrics.jsonl");
  text.insert(text.find('1'), "1");
  folder.write("metrics.jsonl", text);
  BOOST_CHECK_EXCEPTION(MetricsFile(folder.path(), at), Error,
                        has("metrics.jsonl: no line ends at byte 32", ExitCode::kInput));
  BOOST_TEST(read_file(folder / "metrics.jsonl") == text);
}

BOOST_AUTO_TEST_CASE(LineThatIsNoneIsRefusedByItsNumber) {
  const std::string good = "{\"iteration\":1}\n";
  for (const std::string& line :
       {std::string("{\"iteration\":2"), std::string("[2]"), std::string("{\"iteration\":\"2\"}"),
        std::string("{\"iteration\":1e300}"), std::string("{}"), std::string()}) {
    const TemporaryFolder folder;
    const std::string text = good + line + "\n";
    folder.write("metrics.jsonl", text);
    BOOST_CHECK_EXCEPTION(MetricsFile(folder.path(), {text.size(), 0}).lines(), Error,
                          has("metrics.jsonl:2: ", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_SUITE_END()
