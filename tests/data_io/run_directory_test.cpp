#include "data_io/run_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/file.h"
#include "core/host_name.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/data_io/unlistable_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

const std::string kConfig = "# arf train\n[run]\nseed = 1\n[train]\niterations = 10\n";

RunDirectory open_run(const fs::path& path, const std::string& resume = "auto",
                      const std::string& config = kConfig, const std::string& command = "train") {
  return RunDirectory(path, command, config + "threads = 2\n", config, resume);
}

void refused(const std::string& words, const std::function<void()>& open) {
  BOOST_CHECK_EXCEPTION(open(), Error, has(words, ExitCode::kUsage));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_directory_test)

BOOST_AUTO_TEST_CASE(FreshRunLeavesConfigAndManifest) {
  const TemporaryFolder folder;
  RunDirectory run = open_run(folder / "a/b");
  BOOST_TEST(!run.resumed());
  run.note("seed", 7);
  run.finish(0);
  const Json manifest = read_json(folder / "a/b/manifest.json");
  BOOST_TEST(manifest["command"] == "train");
  BOOST_TEST(manifest["seed"] == 7);
  BOOST_TEST(manifest["finished"] == true);
  BOOST_TEST(manifest["exit"] == 0);
  BOOST_TEST(manifest["config_sha256"].get<std::string>().size() == 64u);
  BOOST_TEST(manifest["started"].get<std::string>().size() == 20u);
  BOOST_TEST(read_file(folder / "a/b/config.ini") == kConfig + "threads = 2\n");
}

BOOST_AUTO_TEST_CASE(UnfinishedRunIsResumedWithItsNotes) {
  const TemporaryFolder folder;
  { open_run(folder / "r").note("inputs", "abc"); }
  RunDirectory again = open_run(folder / "r", "require");
  BOOST_TEST(again.resumed());
  again.finish(5);
  BOOST_TEST(open_run(folder / "r").resumed());
  const Json manifest = read_json(folder / "r/manifest.json");
  BOOST_TEST(manifest["inputs"] == "abc");
  BOOST_TEST(manifest["resumed"].size() == 2u);
  refused("--run.resume is never", [&] { open_run(folder / "r", "never"); });
}

BOOST_AUTO_TEST_CASE(ARunThatAnErrorTookDownHasTheExitInItsManifest) {
  const TemporaryFolder folder;
  const fs::path run = folder / "r";
  const auto fail = [&] {
    RunDirectory directory = open_run(run);
    input_error("a reason");
  };
  const auto manifest = [](const fs::path& of) { return read_json(of / "manifest.json"); };
  { open_run(run); }
  RunDirectory::note_exit(3);
  BOOST_TEST(!manifest(run).contains("exit"));  // as of one that was killed
  BOOST_CHECK_THROW(fail(), Error);
  BOOST_TEST(fs::exists(run / ".lock"));  // nobody else writes there before
  RunDirectory::note_exit(3);
  BOOST_TEST(manifest(run)["exit"] == 3);
  BOOST_TEST(manifest(run)["finished"] == false);
  BOOST_TEST(manifest(run).contains("ended"));
  BOOST_TEST(!fs::exists(run / ".lock"));
  BOOST_CHECK_THROW(fail(), Error);
  BOOST_TEST(!manifest(run).contains("exit"));  // it had gone on
  fs::rename(run, folder / "away");
  RunDirectory::note_exit(4);  // cannot be written
  BOOST_TEST(!fs::exists(run));
  BOOST_TEST(!manifest(folder / "away").contains("exit"));
}

BOOST_AUTO_TEST_CASE(WhatAKilledProcessHadNotFinishedIsGoneWhenItsRunGoesOn) {
  const TemporaryFolder folder;
  const fs::path run = folder / "r";
  { open_run(run); }
  const auto make = [&](const fs::path& name) {
    fs::create_directories((run / name).parent_path());
    folder.write("r/" + name.string(), "precious");
  };
  const std::vector<fs::path> left = {
      "checkpoints/step-000000004.partial/state.safetensors.partial",
      "corpus.partial-some-host-17/shard-00000.h5.partial",
      "checkpoints/step-000000005.partial/of another version",
      "scorer.partial-" + host_name() + "-17/config.json",
      "report.html.partial",
      "adapter/adapter_model.safetensors.partial",
      "broken/iteration-3-unit-1/unit.json.partial",
      "broken/iteration-3-unit-2/policy.safetensors.partial",
  };
  const std::vector<fs::path> others = {
      "checkpoints/step-000000003/state.json",
      "checkpoints/step-x.partial/state.json",
      "corpus.partial-some-host-18/index.json",  // is held
      "corpus.partial-some-host-19/thesis",
      "corpus.partial-17/index.json",
      "imported.partial-" + host_name() + "-17/shard-00000.h5.partial",
      "notes.partial-17/mine",
      "notes.partial-some-host-17/mine",
      "thesis.partial/deep/thesis",
      "adapter.partial",
      "notes.partial",
      "my.partial.notes",
      "a.partial-x",
      "mine/report.html.partial",
      "broken/iteration-3-unit-1/unit.json",
      "broken/iteration-3-unit-1/notes.partial",
      "broken/unit.json.partial",
  };
  for (const fs::path& name : left) make(name);
  for (const fs::path& name : others) make(name);
  const fs::path held = run / "corpus.partial-some-host-18";
  const Descriptor file(::open(held.c_str(), O_RDONLY | O_DIRECTORY));
  BOOST_REQUIRE(::flock(file.get(), LOCK_EX | LOCK_NB) == 0);
  BOOST_TEST(open_run(run).resumed());
  for (const fs::path& name : left) BOOST_TEST(!fs::exists(run / name), name);
  for (const fs::path& name : others) BOOST_TEST(fs::exists(run / name), name);
  for (const fs::path& name : {left[0], left[1], left[2], left[3]}) {
    BOOST_TEST(!fs::exists((run / name).parent_path()), name);
  }
}

BOOST_AUTO_TEST_CASE(ADirectoryThatIsNotInItsPlaceAnyMoreIsNotWrittenTo) {
  const TemporaryFolder folder;
  const fs::path run = folder / "r";
  RunDirectory directory = open_run(run);
  directory.note("a", 1);
  fs::rename(run, folder / "gone");
  const auto is_refused = [&](const auto& step) {
    BOOST_CHECK_EXCEPTION(step(), Error, has("was removed, moved away", ExitCode::kResource));
  };
  is_refused([&] { directory.note("b", 2); });
  fs::create_directories(run);
  is_refused([&] { directory.finish(0); });
  BOOST_TEST(fs::is_empty(run));
  fs::remove(run);
  fs::rename(folder / "gone", run);
  directory.finish(0);
}

// What is missing is named: the directory is there.
BOOST_AUTO_TEST_CASE(ARunWhoseLockIsRemovedSaysSo) {
  const TemporaryFolder folder;
  RunDirectory directory = open_run(folder / "r");
  const auto is_refused = [&] {
    BOOST_CHECK_EXCEPTION(directory.require_in_place(), Error,
                          has("r/.lock: was removed, moved away or replaced", ExitCode::kResource));
  };
  directory.require_in_place();
  fs::rename(folder / "r/.lock", folder / "r/away");
  is_refused();
  folder.write("r/.lock", "");
  is_refused();
  fs::rename(folder / "r/away", folder / "r/.lock");
  fs::rename(folder / "r", folder / "moved");
  fs::create_directory_symlink("moved", folder / "r");
  directory.require_in_place();
  directory.finish(0);
}

BOOST_AUTO_TEST_CASE(WhatKeepsADirectoryFromBeingLookedAtIsSaid) {
  const UnlistableFolder folder;
  RunDirectory directory = open_run(folder / "a/r");
  fs::permissions(folder / "a", fs::perms::none);
  BOOST_CHECK_EXCEPTION(directory.require_in_place(), Error,
                        has("Permission denied", ExitCode::kResource));
  fs::permissions(folder / "a", fs::perms::owner_all);
  directory.require_in_place();
}

BOOST_AUTO_TEST_CASE(AFolderThatMayNotBeListedTakesARun) {
  const UnlistableFolder folder;
  open_run(folder / "a/b/").finish(0);
  BOOST_TEST(fs::exists(folder / "a/b/manifest.json"));
  open_run(folder / "c").finish(0);
  BOOST_TEST(fs::exists(folder / "c/manifest.json"));
}

BOOST_AUTO_TEST_CASE(ARunIsWhereTheSystemFindsItsPath) {
  const TemporaryFolder folder;
  open_run(folder / "a/b/../r/").finish(0);
  BOOST_TEST(fs::exists(folder / "a/r/manifest.json"));
  fs::create_directories(folder / "a/b");
  fs::create_directory_symlink(folder / "a/b", folder / "link");
  open_run(folder / "link/../s").finish(0);
  BOOST_TEST(fs::exists(folder / "a/s/manifest.json"));
}

BOOST_AUTO_TEST_CASE(ALinkInADirectoryIsRefusedSinceItLeadsOutside) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "outside");
  for (const char* name : {"checkpoints", "journal/1-0-0", "metrics.jsonl"}) {
    const fs::path run = folder / "r";
    { open_run(run); }
    fs::create_directories((run / name).parent_path());
    fs::create_symlink(folder / "outside", run / name);
    BOOST_CHECK_EXCEPTION(open_run(run), Error,
                          has(std::string(name) + ": is a symbolic link", ExitCode::kInput));
    fs::remove_all(run);
  }
  fs::create_directories(folder / "r");
  fs::create_symlink(folder / "outside/lock", folder / "r/.lock");
  BOOST_CHECK_EXCEPTION(open_run(folder / "r"), Error,
                        has(".lock: is no regular file", ExitCode::kInput));
  BOOST_TEST(fs::is_empty(folder / "outside"));
}

BOOST_AUTO_TEST_CASE(AFileInTheWayOfAFolderIsRefusedAtTheStart) {
  const TemporaryFolder folder;
  const fs::path run = folder / "r";
  { open_run(run); }
  std::ofstream(run / "checkpoints") << "x";
  BOOST_CHECK_EXCEPTION(open_run(run), Error, has("checkpoints: is no folder", ExitCode::kInput));
  fs::remove(run / "checkpoints");
  fs::create_directories(run / "report.html");
  BOOST_CHECK_EXCEPTION(open_run(run), Error, has("report.html: is no file", ExitCode::kInput));
  fs::remove(run / "report.html");
  BOOST_TEST(open_run(run).resumed());
}

BOOST_AUTO_TEST_CASE(TwoWritersOfOneDirectoryAreNotLetIn) {
  const TemporaryFolder folder;
  {
    RunDirectory run = open_run(folder / "r");
    refused("is writing there", [&] { open_run(folder / "r"); });
    BOOST_TEST(fs::exists(folder / "r/manifest.json"));
    run.finish(85);
    RunDirectory next = open_run(folder / "r");  // let go of at finish()
    BOOST_TEST(next.resumed());
    refused("is writing there", [&] { open_run(folder / "r"); });
  }
  BOOST_TEST(!fs::exists(folder / "r/.lock"));
  // What a killed process leaves holds nobody off.
  write_file_atomically(folder / "r/.lock", "process 1 on nowhere");
  BOOST_TEST(open_run(folder / "r").resumed());
  fs::create_directories(folder / "new");
  write_file_atomically(folder / "new/.lock", "process 1 on nowhere");
  BOOST_TEST(!open_run(folder / "new").resumed());
}

BOOST_AUTO_TEST_CASE(WithdrawnDirectoryIsGoneUnlessItWasThere) {
  const TemporaryFolder folder;
  open_run(folder / "fresh").withdraw();
  BOOST_TEST(!fs::exists(folder / "fresh"));
  { open_run(folder / "old"); }
  open_run(folder / "old").withdraw();
  BOOST_TEST(fs::exists(folder / "old/manifest.json"));
}

BOOST_AUTO_TEST_CASE(ALockThatIsNoFileIsRefused) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "a/.lock");
  fs::create_directories(folder / "b");
  BOOST_REQUIRE(::mkfifo((folder / "b/.lock").c_str(), 0600) == 0);
  for (const char* run : {"a", "b"}) {
    BOOST_CHECK_EXCEPTION(open_run(folder / run), Error,
                          has(".lock: is no regular file", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(ALockOfTwoNamesLeavesTheOtherAsItIs) {
  const TemporaryFolder folder;
  const auto other = folder.write("other", "kept");
  fs::create_directories(folder / "r");
  fs::create_hard_link(other, folder / "r/.lock");
  RunDirectory run = open_run(folder / "r");
  refused("is writing there", [&] { open_run(folder / "r"); });
  run.finish(0);
  BOOST_TEST(read_file(other) == "kept");
}

BOOST_AUTO_TEST_CASE(DamagedManifestIsNamedWithItsMending) {
  const TemporaryFolder folder;
  { open_run(folder / "r"); }
  fs::resize_file(folder / "r/manifest.json", kMostJsonBytes + 1);  // takes no room
  BOOST_CHECK_EXCEPTION(open_run(folder / "r"), Error,
                        has("r/manifest.json: has more than", ExitCode::kInput));
  write_file_atomically(folder / "r/manifest.json", "");
  BOOST_CHECK_EXCEPTION(open_run(folder / "r"), Error,
                        has("is not the manifest of a run", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ChangedConfigurationIsRefusedKeyByKey) {
  const TemporaryFolder folder;
  open_run(folder / "r");
  refused(
      "run.seed was `1` and is now `2`; train.batch was not set and is now `4`; "
      "train.iterations was `10` and is now not set;",
      [&] {
        open_run(folder / "r", "auto", "# arf train\n[run]\nseed = 2\n[train]\nbatch = 4\n");
      });
  // A list's values are apart from one value with a space in it.
  open_run(folder / "list", "auto", "[corpus]\npath = a\npath = b\n");
  refused("corpus.path was `a` `b` and is now `a b`",
          [&] { open_run(folder / "list", "auto", "[corpus]\npath = a b\n"); });
}

BOOST_AUTO_TEST_CASE(OtherResultsAreNeverOverwritten) {
  const TemporaryFolder folder;
  open_run(folder / "r").finish(0);
  const std::string before = read_file(folder / "r/manifest.json");
  refused("holds results of `arf train`", [&] { open_run(folder / "r"); });
  open_run(folder / "u");
  refused("this is `arf track`", [&] { open_run(folder / "u", "auto", kConfig, "track"); });
  fs::create_directory(folder / "s");
  std::ofstream(folder / "s/mine") << "x";
  refused("no run of arf", [&] { open_run(folder / "s"); });
  refused("no run of arf", [&] { open_run(folder / "s/mine"); });
  BOOST_TEST(read_file(folder / "r/manifest.json") == before);
  BOOST_TEST(read_file(folder / "s/mine") == "x");
}

BOOST_AUTO_TEST_CASE(RequireNeedsARunAndOutputMustBeNamed) {
  const TemporaryFolder folder;
  refused("holds no run to continue", [&] { open_run(folder / "r", "require"); });
  BOOST_TEST(!fs::exists(folder / "r"));
  refused("needs --output", [&] { open_run(""); });
}

BOOST_AUTO_TEST_CASE(DamagedManifestIsAnInputError) {
  const TemporaryFolder folder;
  open_run(folder / "r");
  std::ofstream(folder / "r/manifest.json") << "{\"command\": 3}";
  BOOST_CHECK_EXCEPTION(open_run(folder / "r"), Error, has("field `command`", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
