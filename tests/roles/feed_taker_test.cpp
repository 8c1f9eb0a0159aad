#include "roles/feed_taker.h"

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace fs = std::filesystem;

namespace {

std::string line(const std::string& reply) {
  return R"({"messages":[{"role":"user","content":"How?"},{"role":"assistant","content":")" +
         reply + R"(","satisfaction":[0,0,1]}]})" + "\n";
}

struct World {
  World() {
    fs::create_directory(folder / "watched");
    settings.path = folder / "watched";
    settings.static_scorer = "some";
  }
  void drop(const std::string& name, const std::string& bytes) {
    write_file_atomically(folder / "watched" / name, bytes);
  }
  FeedTaker taker(const std::string& run = "run") const {
    FeedTaker made(settings);
    made.open(folder / run);
    return made;
  }
  TemporaryFolder folder;
  FeedSettings settings;
};

std::vector<std::string> replies(const FeedBoundary& boundary) {
  std::vector<std::string> all;
  for (const Feedback& message : boundary.messages) all.push_back(message.response);
  return all;
}
using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_taker_test)

BOOST_AUTO_TEST_CASE(WhatIsNewIsTakenOnceInTheOrderOfNames) {
  World world;
  world.drop("2.jsonl", line("b"));
  world.drop("1.jsonl", line("a") + line("A"));
  FeedTaker taker = world.taker();
  const FeedBoundary first = taker.take(0);
  BOOST_TEST((replies(first) == Texts{"a", "A", "b"}));
  BOOST_TEST(first.messages_so_far == 3u);
  BOOST_TEST(taker.take(1).messages.empty());
  world.drop("3.jsonl", line("c"));
  world.drop("2.jsonl", line("changed"));  // its name is known
  const FeedBoundary third = taker.take(2);
  BOOST_TEST((replies(third) == Texts{"c"}));
  BOOST_TEST(third.messages_so_far == 4u);
}

BOOST_AUTO_TEST_CASE(ARunThatGoesOnTakesWhatItTook) {
  World world;
  world.drop("1.jsonl", line("a"));
  {
    FeedTaker taker = world.taker();
    taker.take(0);
    taker.take(1);
  }
  fs::remove(world.folder / "watched/1.jsonl");
  world.drop("2.jsonl", line("b"));
  FeedTaker taker = world.taker();
  BOOST_TEST((replies(taker.take(0)) == Texts{"a"}));
  BOOST_TEST(taker.take(1).messages.empty());  // as it was then
  BOOST_TEST((replies(taker.take(2)) == Texts{"b"}));

  // The number of messages that a checkpoint's scorer has taken has to be the record's.
  SavedState scorer;
  scorer.numbers["messages"] = 1;
  taker.require_messages(scorer, 1);
  taker.require_messages(scorer, 2);
  for (const std::int64_t iteration : {0, 3, 4}) {
    BOOST_CHECK_EXCEPTION(taker.require_messages(scorer, iteration), Error,
                          has("has taken 1 messages", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(AFileThatCannotBeTakenIsRefusedForGood) {
  World world;
  world.drop("2.jsonl", line("b"));
  FeedTaker taker = world.taker();
  taker.take(0);
  world.drop("1.jsonl", line("a"));  // late
  world.drop("3.jsonl", line("c") + "{}\n");
  fs::create_symlink(world.folder / "watched/2.jsonl", world.folder / "watched/4.jsonl");
  world.drop("5.jsonl", line("e"));
  const FeedBoundary second = taker.take(1);
  BOOST_TEST((replies(second) == Texts{"e"}));
  BOOST_TEST(second.files == 1u);
  BOOST_TEST(second.refused == 3u);
  world.drop("3.jsonl", line("c"));
  BOOST_TEST(taker.take(2).messages.empty());

  // A replay of it is the same, whatever the folder has by then.
  const std::string recorded = read_file(world.folder / "run/feed/feed.jsonl");
  for (const char* words :
       {"sorts before", "3.jsonl:2: field `messages` is missing", "is a symbolic link"}) {
    BOOST_TEST(recorded.find(words) != std::string::npos, words);
  }
  fs::remove_all(world.folder / "watched");
  world.settings.path.clear();
  world.settings.replay = world.folder / "run";
  FeedTaker again = world.taker("other");
  BOOST_TEST(again.take(0).messages_so_far == 1u);
  BOOST_TEST(again.take(1).refused == 3u);
  BOOST_TEST(again.take(2).messages.empty());
  BOOST_TEST(again.take(3).messages_so_far == 2u);  // behind the end of what was recorded
  const std::string copied = read_file(world.folder / "other/feed/feed.jsonl");
  BOOST_TEST(copied.substr(0, recorded.size()) == recorded);
}

BOOST_AUTO_TEST_CASE(WithOnErrorStopItEndsTheRunAndIsNotRecorded) {
  World world;
  world.settings.on_error = "stop";
  world.drop("1.jsonl", "nothing");
  FeedTaker taker = world.taker();
  BOOST_CHECK_EXCEPTION(taker.take(0), Error,
                        has("watched/1.jsonl:1: is not valid JSON", ExitCode::kInput));
  world.drop("1.jsonl", line("a"));
  BOOST_TEST((replies(taker.take(0)) == Texts{"a"}));
}

BOOST_AUTO_TEST_CASE(ABoundaryTakesNoMoreThanItMay) {
  World world;
  world.settings.files = 2;
  for (const char* name : {"1.jsonl", "2.jsonl", "3.jsonl"}) world.drop(name, line(name));
  FeedTaker taker = world.taker();
  BOOST_TEST(taker.take(0).files == 2u);
  BOOST_TEST((replies(taker.take(1)) == Texts{"3.jsonl"}));
  // Of bytes, too: each of these is more than a half of what fits.
  std::string large;
  while (large.size() <= FeedTaker::kMostBytes / 2) large += line(std::string(60'000, 'x'));
  world.drop("4.jsonl", large);
  world.drop("5.jsonl", large);
  BOOST_TEST(taker.take(2).files == 1u);
  BOOST_TEST(taker.take(3).files == 1u);
}

BOOST_AUTO_TEST_CASE(AFolderThatGoesBringsNothing) {
  World world;
  FeedTaker taker = world.taker();
  fs::remove(world.folder / "watched");
  BOOST_TEST(taker.take(0).messages.empty());
  fs::create_directory(world.folder / "watched");
  world.drop("1.jsonl", line("a"));
  BOOST_TEST((replies(taker.take(1)) == Texts{"a"}));
}

BOOST_AUTO_TEST_CASE(WhatHasNoRecordIsNotReplayed) {
  World world;
  world.settings.path.clear();
  world.settings.replay = world.folder / "watched";
  BOOST_CHECK_EXCEPTION(FeedTaker(world.settings), Error, has("--feed.replay", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
