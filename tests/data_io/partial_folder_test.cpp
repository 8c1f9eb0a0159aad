#include "data_io/partial_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "core/error.h"
#include "core/file.h"
#include "core/host_name.h"
#include "tests/data_io/corpus_helpers.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/data_io/unlistable_folder.h"

namespace fs = std::filesystem;
using namespace arf;

BOOST_AUTO_TEST_SUITE(partial_folder_test)

// One that is being written is somebody's, and so may be what is another host's, or holds another
// file than a writer's.
BOOST_AUTO_TEST_CASE(WhatAKilledWriterLeftIsRemovedAndNoOtherFolder) {
  const TemporaryFolder folder;
  const std::string left = "c.partial-" + host_name() + "-";
  for (const char* name : {"17/", "18/shard-00000.h5", "18/shard-00001.h5.partial",
                           "18/index.json.partial", "18/config.ini"}) {
    fs::create_directories((folder / (left + name)).parent_path());
    std::ofstream(folder / (left + name));
  }
  std::vector<std::string> kept = {
      left + "19/precious",
      left + "20/shard-00000.h5/precious",
      left + "21/shard-x.h5",
      "c" + left + "17/x",
      "c.partial-elsewhere-17/index.json",
      "c.partial-17/x",
      left + "x/index.json",
      "c.partial-/index.json",
  };
  for (const std::string& name : kept) {
    fs::create_directories((folder / name).parent_path());
    folder.write(name, "precious");
  }
  fs::create_directory_symlink(folder / kept[0], folder / (left + "22"));
  CorpusWriter one(folder / "c", {10});
  BOOST_TEST(!fs::exists(folder / (left + "17")));
  BOOST_TEST(!fs::exists(folder / (left + "18")));
  {
    CorpusWriter other(folder / "c", {10});
    BOOST_TEST(leaves_only(folder.path(), kept.size() + 3));
  }
  one.add(full_row(1));
  one.finish();
  BOOST_TEST(fs::exists(folder / "c/index.json"));
  BOOST_TEST(leaves_only(folder.path(), kept.size() + 2));
  for (const std::string& name : kept) BOOST_TEST(read_file(folder / name) == "precious");
}

// Each looks for what killed ones left when another has made its folder and not yet held it.
BOOST_AUTO_TEST_CASE(WritersThatStartAtOnceTakeNoFolderFromEachOther) {
  const TemporaryFolder folder;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int repeat = 0; repeat < 500; ++repeat) {
        try {
          CorpusWriter(folder / "c").keep_config("");
        } catch (const Error&) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(leaves_only(folder.path(), 0));
}

BOOST_AUTO_TEST_CASE(ACorpusIsWhereTheSystemFindsItsPath) {
  const TemporaryFolder folder;
  write_corpus(folder / "a/b/../c/", 3);
  BOOST_TEST(is_corpus(folder / "a/b/../c/"));
  BOOST_TEST(is_corpus(folder / "a/c"));
  fs::create_directory_symlink(folder / "a/b", folder / "link");
  write_corpus(folder / "link/../d", 3);
  BOOST_TEST(is_corpus(folder / "a/d"));
  write_corpus(folder / "link", 3);  // to an empty folder
  BOOST_TEST(is_corpus(folder / "a/b"));
  write_corpus(folder / "e/.", 3);
  BOOST_TEST(is_corpus(folder / "e"));
  fs::create_symlink(folder / "nowhere", folder / "broken");
  BOOST_CHECK_EXCEPTION(CorpusWriter(folder / "broken"), Error,
                        has("holds something", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(CorpusWriter(folder / "broken/"), Error,
                        has("holds something", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(TheFolderThatIsReplacedKeepsItsPermissions) {
  const TemporaryFolder folder;
  for (const fs::perms perms : {fs::perms(0700), fs::perms(02775)}) {
    fs::create_directory(folder / "c");
    // Another group is root's to give.
    const bool is_given = ::chown((folder / "c").c_str(), static_cast<uid_t>(-1), 1) == 0;
    fs::permissions(folder / "c", perms);
    write_corpus(folder / "c", 3);
    struct stat is {};
    BOOST_REQUIRE(::stat((folder / "c").c_str(), &is) == 0);
    BOOST_TEST((is.st_mode & 07777) == static_cast<unsigned>(perms));
    BOOST_TEST(is.st_gid == (is_given ? 1u : ::getgid()));
    fs::remove_all(folder / "c");
  }
}

BOOST_AUTO_TEST_CASE(AnOutputThatEndsAboveAFolderThatIsNotThereMakesNone) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(CorpusWriter(folder / "new/.."), Error,
                        has("ends in `..`", ExitCode::kUsage));
  BOOST_TEST(leaves_only(folder.path(), 0));
}

BOOST_AUTO_TEST_CASE(TheWorkingFolderIsRefusedBeforeTheWork) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path(), empty = folder / "empty";
  fs::create_directory(empty);
  fs::current_path(empty);
  for (const fs::path& output : {fs::path("."), fs::path("./"), empty}) {
    BOOST_CHECK_EXCEPTION(CorpusWriter{output}, Error,
                          has("is the folder that arf was started in", ExitCode::kUsage));
  }
  fs::current_path(before);
  BOOST_TEST(leaves_only(folder.path(), 1));
}

BOOST_AUTO_TEST_CASE(AFolderThatMayNotBeListedTakesACorpus) {
  const UnlistableFolder folder;
  write_corpus(folder / "c", 3);
  BOOST_TEST(CorpusReader(folder / "c").rows() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
