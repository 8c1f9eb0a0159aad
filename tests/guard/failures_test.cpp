#include "guard/failures.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "core/error.h"
#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

constexpr std::uint64_t kInputs = 0xfedc;

Sighting learning(std::int64_t iteration, std::set<std::int64_t> suspects) {
  Sighting at;
  at.phase = Phase::kLearn;
  at.iteration = iteration;
  at.unit = 2;  // the last one begun
  at.suspects = std::move(suspects);
  return at;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failures_test)

BOOST_AUTO_TEST_CASE(UnitThatFailedTwiceInARowIsFound) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  BOOST_TEST(!failed_twice(file, kInputs));
  note_failure(file, kInputs, 5, learning(3, {1}));
  note_failure(file, kInputs, 5, learning(3, {2}));
  BOOST_TEST(!failed_twice(file, kInputs));
  note_failure(file, kInputs, 1, learning(3, {2}));
  BOOST_TEST((failed_twice(file, kInputs) == FailedUnits{3, {2}, "learning", true}));
}

// Of several threads.
BOOST_AUTO_TEST_CASE(OfUnitsThatMayBeWhyThoseOfBothTimesAreFound) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  const auto found = [&] { return failed_twice(file, kInputs); };
  note_failure(file, kInputs, 5, learning(3, {1, 2, 3}));
  note_failure(file, kInputs, 5, learning(3, {2, 3, 4}));
  BOOST_TEST((found() == FailedUnits{3, {2, 3}, "learning", false}));
  note_failure(file, kInputs, 5, learning(3, {4}));
  BOOST_TEST((found() == FailedUnits{3, {4}, "learning", false}));
  note_failure(file, kInputs, 5, learning(3, {1, 2}));
  BOOST_TEST(!found());
  note_failure(file, kInputs, 5, learning(4, {1, 2}));
  BOOST_TEST(!found());
}

// Bits that turned on their way, a connection that broke: no unit is the reason.
BOOST_AUTO_TEST_CASE(AnErrorThatWasForeseenIsNoUnitsFailure) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  Sighting at = learning(3, {2});
  at.foreseen = true;
  for (int i = 0; i < 2; ++i) note_failure(file, kInputs, 5, at);
  BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(NorIsWhatHappensWhileNoUnitIsUnderWay) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  Sighting exchanging = learning(3, {2});
  exchanging.phase = Phase::kSync;
  for (const Sighting& at : {exchanging, learning(3, {}), learning(-1, {2})}) {
    note_failure(file, kInputs, 5, at);
  }
  BOOST_TEST(!std::filesystem::exists(file));
}

// There a unit has other dialogues.
BOOST_AUTO_TEST_CASE(FailuresWithOtherInputsDoNotCount) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  note_failure(file, kInputs, 5, learning(3, {2}));
  for (int i = 0; i < 2; ++i) note_failure(file, kInputs + 1, 5, learning(3, {4}));
  BOOST_TEST(!failed_twice(file, kInputs));
  BOOST_TEST((failed_twice(file, kInputs + 1) == FailedUnits{3, {4}, "learning", true}));
  note_failure(file, kInputs, 5, learning(3, {2}));
  BOOST_TEST((failed_twice(file, kInputs) == FailedUnits{3, {2}, "learning", true}));
}

// A run's directory may come from elsewhere: no row is looked up by such numbers.
BOOST_AUTO_TEST_CASE(UnitThatNoRunHasIsPassedOver) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string inputs = R"({"inputs":"000000000000fedc",)";
  std::string most = inputs + R"("iteration":1,"units":[1)";
  for (std::size_t i = 0; i < kMostUnits; ++i) most += ",1";
  most += "]}";
  for (const std::string& line :
       {inputs + R"("iteration":-5,"units":[1]})", inputs + R"("iteration":1,"units":[1,-1]})",
        inputs + R"("iteration":1,"units":[4294967296]})", inputs + R"("iteration":1,"units":1})",
        inputs + R"("iteration":1,"units":[1.5]})", inputs + R"("iteration":1,"units":[]})", most,
        inputs + R"("iteration":1})", std::string(R"({"inputs":65244,"iteration":1,"units":[1]})"),
        std::string(R"({"iteration":1,"units":[1]})"), std::string("[]"), std::string("{"), deep}) {
    const TemporaryFolder folder;
    const auto file = folder.write("failures.jsonl", line + "\n" + line + "\n");
    BOOST_TEST(!failed_twice(file, kInputs), line.substr(0, 40));
  }
}

BOOST_AUTO_TEST_CASE(NoRunMakesAFileOfAnySize) {
  const TemporaryFolder folder;
  const auto file = folder.write("failures.jsonl", "");
  std::filesystem::resize_file(file, std::uint64_t{1} << 30);  // takes no room
  BOOST_CHECK_EXCEPTION(failed_twice(file, kInputs), Error,
                        has("failures.jsonl: has more than", ExitCode::kInput));
}

// As a snapshot of the run has made it.
BOOST_AUTO_TEST_CASE(OfAFileOfTwoNamesTheOtherStaysAsItIs) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl", other = folder / "other";
  note_failure(file, kInputs, 5, learning(3, {1}));
  std::filesystem::create_hard_link(file, other);
  note_failure(file, kInputs, 5, learning(3, {1}));
  BOOST_TEST(!failed_twice(other, kInputs));
  BOOST_TEST(failed_twice(file, kInputs)->units == std::set<std::int64_t>{1});
}

BOOST_AUTO_TEST_CASE(LinkOfThatNameIsNotFollowed) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl", other = folder / "precious";
  folder.write("precious", "mine");
  for (const auto& target : {other, folder / "not there"}) {
    std::filesystem::remove(file);
    std::filesystem::create_symlink(target, file);
    note_failure(file, kInputs, 5, learning(3, {1}));
    BOOST_TEST(std::filesystem::is_symlink(file));
  }
  BOOST_TEST(read_file(other) == "mine");
  BOOST_TEST(!std::filesystem::exists(folder / "not there"));
}

BOOST_AUTO_TEST_CASE(PipeOfThatNameIsNotWaitedFor, *boost::unit_test::timeout(10)) {
  const TemporaryFolder folder;
  const auto file = folder / "failures.jsonl";
  BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  note_failure(file, kInputs, 5, learning(3, {1}));
  BOOST_TEST(!failed_twice(file, kInputs));
}

BOOST_AUTO_TEST_SUITE_END()
