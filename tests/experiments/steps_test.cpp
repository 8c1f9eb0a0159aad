#include "experiments/steps.h"

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

// A program in arf's place, which notes its words in the file `called` and prints `printed`.
StepSettings standing_in(const TemporaryFolder& folder, const std::string& printed, int code = 0) {
  const fs::path program =
      folder.write("program", "#!/bin/sh\necho \"$@\" >>" + (folder / "called").string() +
                                  "\necho '" + printed + "'\nexit " + std::to_string(code) + "\n");
  fs::permissions(program, fs::perms::owner_all);
  return {program.string(), 1, 0};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(steps_test)

BOOST_AUTO_TEST_CASE(AStepIsRunOnceAndItsResultKept) {
  const TemporaryFolder folder;
  const StepSettings settings = standing_in(folder, R"({"rows": 3})");
  for (int i = 0; i < 2; ++i) {
    ExperimentSteps steps(folder / "steps", settings);
    BOOST_TEST(steps.run("one", "import", {"--a.b", "two words"}).at("rows") == 3);
    BOOST_TEST(steps.command_lines().at(0) == "arf import --a.b 'two words'");
  }
  BOOST_TEST(read_file(folder / "called") ==
             "import --a.b two words --output " + (folder / "steps/one").string() + " --json\n");
}

BOOST_AUTO_TEST_CASE(AStepOfOtherWordsIsNotTakenForThisOne) {
  const TemporaryFolder folder;
  ExperimentSteps steps(folder / "steps", standing_in(folder, "{}"));
  steps.run("one", "import", {"--a.b", "1"});
  BOOST_CHECK_EXCEPTION(steps.run("one", "import", {"--a.b", "2"}), Error,
                        has("name another --output", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(AStepThatFailsEndsTheExperimentWithItsExitAndIsTriedAgain) {
  const TemporaryFolder folder;
  for (const int code : {3, 85}) {
    ExperimentSteps steps(folder / "steps", standing_in(folder, "", code));
    BOOST_CHECK_EXCEPTION(steps.run("one", "track", {}), Error,
                          has("ended with exit " + std::to_string(code), ExitCode{code}));
  }
  ExperimentSteps steps(folder / "steps", standing_in(folder, "{}"));
  BOOST_TEST(steps.run("one", "track", {}).empty());
}

BOOST_AUTO_TEST_CASE(WhatIsMadeInPlaceIsMadeAnewWhereItWasNotNoted) {
  const TemporaryFolder folder;
  ExperimentSteps steps(folder / "steps", standing_in(folder, "{}"));
  fs::create_directories(steps.path("stream"));  // of a run that was killed
  int made = 0;
  const auto work = [&] {
    BOOST_TEST(!fs::exists(steps.path("stream")));
    fs::create_directories(steps.path("stream"));
    return Json{{"made", ++made}};
  };
  BOOST_TEST(steps.make("stream", "a stream", work).at("made") == 1);
  BOOST_TEST(steps.make("stream", "a stream", work).at("made") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
