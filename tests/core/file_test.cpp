#include "core/file.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "core/hash.h"
#include "core/parallel.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/data_io/unlistable_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(file_test)

BOOST_AUTO_TEST_CASE(WrittenFileReadsBack) {
  TemporaryFolder folder;
  const std::string bytes("a\0b\n", 4);
  write_file_atomically(folder / "x", bytes);
  BOOST_TEST(read_file(folder / "x") == bytes);
  BOOST_TEST(sha256_of_file(folder / "x") == sha256_hex(bytes));
}

BOOST_AUTO_TEST_CASE(FailedWriteLeavesTheOldFileAndNoOther) {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder / "sub");
  write_file_atomically(folder / "sub" / "x", "old");
  // A folder where the file should go: the rename fails.
  std::filesystem::create_directories(folder / "taken" / "inside");
  BOOST_CHECK_EXCEPTION(write_file_atomically(folder / "taken", "new"), Error,
                        has("taken", ExitCode::kResource));
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    entries += 1;
    BOOST_TEST((entry.path().filename() == "sub" || entry.path().filename() == "taken"));
  }
  BOOST_TEST(entries == 2u);
  BOOST_TEST(read_file(folder / "sub" / "x") == "old");
}

BOOST_AUTO_TEST_CASE(AFolderThatMayNotBeListedIsWrittenTo) {
  const UnlistableFolder folder;
  write_file_atomically(folder / "x", "new");
  BOOST_TEST(read_file(folder / "x") == "new");
}

BOOST_AUTO_TEST_CASE(MissingFileIsNamed) {
  BOOST_CHECK_EXCEPTION(read_file("/nowhere/at/all"), Error,
                        has("/nowhere/at/all", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(PipesAndDevicesAreRefusedAndNotWaitedFor, *boost::unit_test::timeout(10)) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder / "config.json";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::filesystem::path& path : {pipe, std::filesystem::path("/dev/zero")}) {
    const auto is_refused = has(path.string() + ": is no regular file", ExitCode::kInput);
    BOOST_CHECK_EXCEPTION(read_file(path), Error, is_refused);
    BOOST_CHECK_EXCEPTION(read_beginning(path, 4), Error, is_refused);
    BOOST_CHECK_EXCEPTION(size_of_file(path), Error, is_refused);
    BOOST_CHECK_EXCEPTION(sha256_of_file(path), Error, is_refused);
  }
  BOOST_CHECK_EXCEPTION(read_file(folder.path()), Error,
                        has("is a directory where a file is needed", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(NoMoreIsReadThanAFileMayHave) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.write("x", "abcd");
  BOOST_TEST(read_file(file, 4) == "abcd");
  BOOST_CHECK_EXCEPTION(read_file(file, 3), Error, has("has more than the 3", ExitCode::kInput));
  BOOST_TEST(read_beginning(file, 3) == "abc");
  BOOST_TEST(read_beginning(file, 9) == "abcd");
  std::filesystem::resize_file(file, 20ull << 30);  // takes no room
  BOOST_TEST(size_of_file(file) == 20ull << 30);
  BOOST_CHECK_EXCEPTION(read_file(file), Error, has("has more than", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(read_file("/proc/self/status", 3), Error,  // whose size is said to be 0
                        has("has more than", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(AUsersOwnPipeIsReadUpToALimit) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "a = 1\n"; });
  BOOST_TEST(read_file_or_pipe(pipe, 100) == "a = 1\n");
  writer.join();
  BOOST_CHECK_EXCEPTION(read_file_or_pipe("/dev/zero", 100), Error,
                        has("has more than the 100", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(KnownHashesHold) {  // FIPS 180-2, appendix B.1; the empty text
  BOOST_TEST(sha256_hex("abc") ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 parts;
  parts.update("a").update("bc");
  BOOST_TEST(parts.hex() == sha256_hex("abc"));
}

BOOST_AUTO_TEST_CASE(ParallelLoopRunsEveryIndexOnce) {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> times(100, 0);
    parallel_for(times.size(), threads, [&](std::size_t i) { times[i] += 1; });
    BOOST_TEST((times == std::vector<int>(100, 1)));
  }
}

BOOST_AUTO_TEST_CASE(ParallelLoopThrowsWhatABodyThrew) {
  for (const int threads : {1, 3}) {
    BOOST_CHECK_EXCEPTION(parallel_for(10, threads,
                                       [](std::size_t i) {
                                         if (i == 4) input_error("row {} is bad", i);
                                       }),
                          Error, has("row 4", ExitCode::kInput));
  }
}

namespace {

// Gives 0 .. count - 1.
std::function<std::optional<std::uint32_t>()> counter(std::uint32_t count) {
  return [next = std::uint32_t{0}, count]() mutable {
    return next < count ? std::optional(next++) : std::nullopt;
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(ParallelStreamHandsOnWhatIsMade) {
  for (const int threads : {1, 2, 5}) {
    for (const std::uint32_t count : {0u, 1u, 100u}) {
      std::vector<int> made(count, 0), done(count, 0);
      const auto caller = std::this_thread::get_id();
      parallel_stream(
          threads, counter(count), [&](std::uint32_t i) { made[i] += 1; },
          [&](std::uint32_t i) {
            done[i] += made[i];
            BOOST_TEST((std::this_thread::get_id() == caller));
          });
      BOOST_TEST((done == std::vector<int>(count, 1)));
    }
  }
}

BOOST_AUTO_TEST_CASE(ParallelStreamThrowsWhatIsThrownInIt) {
  const auto nothing = [](std::uint32_t) {};
  const auto bad = [](std::uint32_t i) {
    if (i == 4) input_error("row {} is bad", i);
  };
  for (const int threads : {1, 3}) {
    BOOST_CHECK_EXCEPTION(parallel_stream(threads, counter(1000000000), bad, nothing), Error,
                          has("row 4", ExitCode::kInput));
    BOOST_CHECK_EXCEPTION(parallel_stream(threads, counter(1000000000), nothing, bad), Error,
                          has("row 4", ExitCode::kInput));
    const auto next = []() -> std::optional<std::uint32_t> { input_error("row 4 is bad"); };
    BOOST_CHECK_EXCEPTION(parallel_stream(threads, next, nothing, nothing), Error,
                          has("row 4", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(AFolderBelowALinkThatLeadsNowhereSaysWhichItIs) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("not there", folder / "link");
  for (const char* name : {"link", "link/below", "link/below/it"}) {
    BOOST_CHECK_EXCEPTION(
        make_directories(folder / name), Error,
        has((folder / "link").string() + " is a link that leads nowhere", ExitCode::kResource));
  }
  std::filesystem::create_symlink(folder.path(), folder / "round");
  make_directories(folder / "round/below");
  BOOST_TEST(std::filesystem::is_directory(folder / "below"));
}

BOOST_AUTO_TEST_SUITE_END()
