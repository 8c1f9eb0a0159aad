#include "data_io/feed_record.h"

#include "core/file.h"
#include "core/hash.h"
#include "temporary_folder.h"

using namespace arf;

namespace fs = std::filesystem;

namespace {

FeedEntry taken(const std::string& name, const std::string& bytes, std::uint64_t messages) {
  return {name, sha256_hex(bytes), messages, ""};
}

// Boundaries 0 (a file, and one that was refused), 1 (nothing), 2 (a file).
void record_three(const fs::path& folder) {
  FeedRecord record(folder);
  record.open();
  record.add({taken("a.jsonl", "one\n", 2), {"b.jsonl", "", 0, "b.jsonl:1: is \"wrong\""}},
             {"one\n", ""});
  record.add({}, {});
  record.add({taken("c.jsonl", "two\n", 3)}, {"two\n"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_record_test)

BOOST_AUTO_TEST_CASE(WhatWasTakenIsThereAgain) {
  const TemporaryFolder folder;
  record_three(folder / "feed");
  const FeedRecord record(folder / "feed");
  BOOST_REQUIRE(record.boundaries() == 3);
  BOOST_REQUIRE(record.at(0).size() == 2u);
  BOOST_TEST(record.content(0, record.at(0)[0]) == "one\n");
  BOOST_TEST(record.at(0)[1].refused == "b.jsonl:1: is \"wrong\"");
  BOOST_TEST(record.at(1).empty());
  BOOST_TEST(record.content(2, record.at(2)[0]) == "two\n");
  for (const auto& [iteration, messages] : {std::pair{0, 0u}, {1, 2u}, {2, 2u}, {3, 5u}}) {
    BOOST_TEST(record.messages_before(iteration) == messages);
  }
  BOOST_TEST(FeedRecord(folder / "none").boundaries() == 0);
}

// Killed within a line: the boundary was not recorded, and is written anew.
BOOST_AUTO_TEST_CASE(ATornLineIsCutOff) {
  const TemporaryFolder folder;
  record_three(folder / "feed");
  const fs::path lines = folder / "feed/feed.jsonl";
  const std::string whole = read_file(lines);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file_atomically(lines, whole.substr(0, size));
    const auto complete = std::count(whole.begin(), whole.begin() + std::ptrdiff_t(size), '\n');
    FeedRecord record(folder / "feed");
    BOOST_REQUIRE(record.boundaries() == complete);
    record.open();
    record.add({}, {});
    BOOST_REQUIRE(FeedRecord(folder / "feed").boundaries() == complete + 1);
  }
}

BOOST_AUTO_TEST_CASE(LeftoversOfAKilledWriterAreRemoved) {
  const TemporaryFolder folder;
  record_three(folder / "feed");
  folder.write("feed/000000003-d.jsonl.partial", "x");
  FeedRecord record(folder / "feed");
  record.open();
  BOOST_TEST(!fs::exists(folder / "feed/000000003-d.jsonl.partial"));
  BOOST_TEST(fs::exists(folder / "feed/000000002-c.jsonl"));
}

BOOST_AUTO_TEST_CASE(WhatNoRunWritesIsRefused) {
  const TemporaryFolder folder;
  record_three(folder / "feed");
  const fs::path lines = folder / "feed/feed.jsonl";
  const std::string whole = read_file(lines);
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string other = whole;
    other.replace(other.find(from), from.size(), to);
    write_file_atomically(lines, other);
    BOOST_CHECK_EXCEPTION(FeedRecord(folder / "feed"), Error, has("feed.jsonl:", ExitCode::kInput));
  };
  refused("\"iteration\":1", "\"iteration\":2");
  refused("\"iteration\":0", "\"iteration\":-1");
  refused("\"files\"", "\"fails\"");
  refused("a.jsonl", "../a.jsonl");
  refused("\"messages\":2", "\"messages\":0");
  refused("\"messages\":2", "\"messages\":1e30");
  refused("\"sha256\":\"", "\"sha256\":\"x");
  write_file_atomically(lines, whole);
  write_file_atomically(folder / "feed/000000002-c.jsonl", "tow\n");
  const FeedRecord record(folder / "feed");
  BOOST_CHECK_EXCEPTION(record.content(2, record.at(2)[0]), Error,
                        has("has changed since it was taken", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
