#include "data_io/append_file.h"

#include <sys/stat.h>

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(append_file_test)

BOOST_AUTO_TEST_CASE(WhatCameAfterACheckpointIsCutOff) {
  const TemporaryFolder folder;
  const auto path = folder / "lines";
  {
    AppendFile file(path, 0, Records::kLines);
    file.add("one\n");
    file.add("two\n");
    BOOST_TEST(file.bytes() == 8u);
  }
  AppendFile again(path, 4, Records::kLines);
  again.add("2\n");
  BOOST_TEST(read_file(path) == "one\n2\n");
  BOOST_CHECK_EXCEPTION(AppendFile(path, 7, Records::kLines), Error,
                        has("6 bytes, but the checkpoint was made after 7", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(AppendFile(folder / "other", 7, Records::kLines), Error,
                        has("0 bytes, but", ExitCode::kInput));
  AppendFile afresh(path, 0, Records::kLines);
  BOOST_TEST(read_file(path).empty());
}

BOOST_AUTO_TEST_CASE(AFileOfLinesIsCutBehindALineOnly) {
  const TemporaryFolder folder;
  const std::string text = "one\ntwo\nthree\n";
  const auto path = folder.write("lines", text);
  for (const std::uint64_t keep_bytes : {1, 3, 7}) {
    BOOST_CHECK_EXCEPTION(
        AppendFile(path, keep_bytes, Records::kLines), Error,
        has(fmt::format("lines: no line ends at byte {}", keep_bytes), ExitCode::kInput));
    BOOST_TEST(read_file(path) == text);
  }
  AppendFile(path, 7, Records::kSized).add("!");
  BOOST_TEST(read_file(path) == "one\ntwo!");
}

BOOST_AUTO_TEST_CASE(AFileThatIsTakenAwayOrChangedEndsTheRun) {
  const TemporaryFolder folder;
  const auto path = folder / "lines";
  for (const bool removed : {true, false}) {
    AppendFile file(path, 0, Records::kLines);
    file.add("one\n");
    removed ? std::filesystem::remove(path) : (folder.write("lines", "o"), true);
    BOOST_CHECK_EXCEPTION(file.add("two\n"), Error,
                          has("was removed or changed", ExitCode::kResource));
  }
}

BOOST_AUTO_TEST_CASE(NeitherALinkNorAPipeNorAFolderIsWrittenTo) {
  const TemporaryFolder folder;
  const auto victim = folder.write("victim", "kept");
  std::filesystem::create_symlink(victim, folder / "link");
  std::filesystem::create_directory(folder / "folder");
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const char* name : {"link", "pipe", "folder"}) {
    for (const std::uint64_t keep_bytes : {0, 2}) {
      BOOST_CHECK_EXCEPTION(AppendFile(folder / name, keep_bytes, Records::kSized), Error,
                            has("is no file", ExitCode::kInput));
    }
  }
  BOOST_TEST(read_file(victim) == "kept");
}

// What has a second name may be a snapshot's, or a file outside of the run.
BOOST_AUTO_TEST_CASE(OfAFileOfTwoNamesTheOtherStaysAsItIs) {
  const TemporaryFolder folder;
  const auto other = folder.write("other", "one\ntwo\n");
  for (const std::uint64_t keep_bytes : {4, 0}) {
    std::filesystem::create_hard_link(other, folder / "lines");
    AppendFile(folder / "lines", keep_bytes, Records::kLines).add("three\n");
    BOOST_TEST(read_file(folder / "lines") == (keep_bytes ? "one\nthree\n" : "three\n"));
    BOOST_TEST(read_file(other) == "one\ntwo\n");
    BOOST_TEST(!std::filesystem::exists(folder / "lines.partial"));
    std::filesystem::remove(folder / "lines");
  }
}

BOOST_AUTO_TEST_SUITE_END()
