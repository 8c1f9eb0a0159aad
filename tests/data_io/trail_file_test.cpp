#include "data_io/trail_file.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(trail_file_test)

BOOST_AUTO_TEST_CASE(LinesComeBack) {
  const TemporaryFolder folder;
  const TrailLine first{0, {{0, {1, 2}}, {1, {0, ~0ull}}}, {{"a.lora_A", 3}}}, second{1, {}, {}};
  TrailFile trail(folder.path(), 0);
  trail.add(first);
  trail.add(second);
  BOOST_TEST((read_trail(folder.path()) == std::vector<TrailLine>{first, second}));
}

BOOST_AUTO_TEST_CASE(LineThatIsNoneIsRefusedByItsNumber) {
  for (const char* line : {"", "[]", "{", R"({"iteration":-1,"units":[],"tensors":{}})",
                           R"({"iteration":9223372036854775808,"units":[],"tensors":{}})",
                           R"({"iteration":1,"units":[["1","2"]],"tensors":{}})",
                           R"({"iteration":1,"units":[["0123456789abcdef"]],"tensors":{}})",
                           R"({"iteration":1,"units":[],"tensors":{"a":"0123456789abcdeg"}})"}) {
    const TemporaryFolder folder;
    folder.write("trail.jsonl", R"({"iteration":0,"units":[],"tensors":{}})"
                                "\n" +
                                    std::string(line) + "\n");
    BOOST_CHECK_EXCEPTION(read_trail(folder.path()), Error,
                          has("trail.jsonl:2: ", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(LastLineWithoutItsEndIsLeftOut) {
  const TemporaryFolder folder;
  const std::string line = R"({"iteration":0,"units":[],"tensors":{}})";
  folder.write("trail.jsonl", line + "\n" + line);
  BOOST_TEST(read_trail(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(WhatCannotBeReadIsNoShorterTrail, *boost::unit_test::timeout(10)) {
  const auto refused = [](const char* words, const std::function<void(const fs::path&)>& make) {
    const TemporaryFolder folder;
    make(folder / "trail.jsonl");
    BOOST_CHECK_EXCEPTION(read_trail(folder.path()), Error, has(words, ExitCode::kInput));
  };
  refused("is a directory", [](const fs::path& path) { fs::create_directory(path); });
  refused("is no regular file", [](const fs::path& path) { ::mkfifo(path.c_str(), 0600); });
  // Reading a process's memory fails at its first byte.
  refused("cannot be read",
          [](const fs::path& path) { fs::create_symlink("/proc/self/mem", path); });
  refused("trail.jsonl:1: the line has more than", [](const fs::path& path) {
    std::ofstream(path).close();
    fs::resize_file(path, 20ull << 30);
  });
}

BOOST_AUTO_TEST_SUITE_END()
