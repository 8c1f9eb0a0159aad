#include "data_io/feed_folder.h"

#include <sys/stat.h>

#include "temporary_folder.h"

using namespace arf;

namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(feed_folder_test)

BOOST_AUTO_TEST_CASE(OnlyWholeFilesOfAFeedsNameAreNew) {
  const TemporaryFolder folder;
  for (const char* name : {"b.jsonl", "a-1_2.jsonl", "B.jsonl", ".c.jsonl", "d.jsonl.partial",
                           "e.json", ".jsonl", "f g.jsonl", "known.jsonl"}) {
    folder.write(name, "x");
  }
  folder.write(std::string(195, 'n') + ".jsonl", "x");  // 201 bytes
  folder.write(std::string(194, 'n') + ".jsonl", "x");
  FeedFolder feed(folder.path());
  const std::vector<std::string> wanted{"B.jsonl", "a-1_2.jsonl", "b.jsonl",
                                        std::string(194, 'n') + ".jsonl"};
  BOOST_TEST(feed.new_names({"known.jsonl"}) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(WhatIsNoFileIsRefused) {
  const TemporaryFolder folder;
  folder.write("right.jsonl", "one\n");
  fs::create_symlink(folder / "right.jsonl", folder / "link.jsonl");
  fs::create_directory(folder / "folder.jsonl");
  BOOST_REQUIRE(::mkfifo((folder / "pipe.jsonl").c_str(), 0600) == 0);
  { std::ofstream(folder / "large.jsonl").seekp(kMostFeedFileBytes).put('x'); }
  const FeedFolder feed(folder.path());
  BOOST_TEST(feed.read("right.jsonl") == "one\n");
  const auto refused = [&](const std::string& name, const std::string& words) {
    BOOST_CHECK_EXCEPTION(feed.read(name), Error, has(words, ExitCode::kInput));
  };
  refused("link.jsonl", "is a symbolic link");
  refused("folder.jsonl", "folder.jsonl");
  refused("pipe.jsonl", "pipe.jsonl");
  refused("large.jsonl", "large.jsonl");
  refused("vanished.jsonl", "is not there any more");
}

BOOST_AUTO_TEST_CASE(AFolderThatIsNotThereIsAnError) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(FeedFolder(folder / "none"), Error,
                        has("there is no such folder", ExitCode::kInput));
  fs::create_directory(folder / "gone");
  FeedFolder feed(folder / "gone");
  fs::remove(folder / "gone");
  BOOST_CHECK_EXCEPTION(feed.new_names({}), Error, has("cannot be listed", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
