#include "core/file_stamps.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const char* text) { std::ofstream(path) << text; }

// Also where the file system counts seconds.
void write_later(const fs::path& path, const char* text) {
  const auto old = fs::exists(path) ? fs::last_write_time(path) : fs::file_time_type();
  write(path, text);
  if (fs::last_write_time(path) == old) fs::last_write_time(path, old + std::chrono::seconds(1));
}

auto says(const fs::path& path, const char* words) {
  return [=](const Error& error) {
    return error.code() == ExitCode::kInput &&
           std::string(error.what()).starts_with(path.string() + ": " + words);
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_stamps_test)

BOOST_AUTO_TEST_CASE(FilesThatStayAreUnchangedAndSoAreThoseThatAreNotThere) {
  TemporaryFolder folder;
  write(folder / "a", "weights");
  const FileStamps stamps({folder / "a", folder / "b"});
  std::ifstream(folder / "a").get();
  stamps.require_unchanged();
}

BOOST_AUTO_TEST_CASE(OneThatIsWrittenToReplacedRemovedOrMadeIsNamed) {
  TemporaryFolder folder;
  const fs::path a = folder / "a";
  const auto changed = [&](const fs::path& named, const auto& change) {
    write(a, "weights");
    fs::remove(folder / "b");
    const FileStamps stamps({a, folder / "b"});
    change();
    BOOST_CHECK_EXCEPTION(stamps.require_unchanged(), Error, says(named, "was changed"));
  };
  changed(a, [&] { write(a, "longer weights"); });
  changed(a, [&] { write_later(a, "heights"); });
  changed(a, [&] {
    write(folder / "c", "some heights");
    fs::rename(folder / "c", a);
  });
  changed(a, [&] { fs::remove(a); });
  changed(folder / "b", [&] { write(folder / "b", "a file more"); });
}

BOOST_AUTO_TEST_CASE(AnotherFileOfOneSizeAndAgeIsAnother) {
  TemporaryFolder folder;
  write(folder / "a", "weights");
  write(folder / "c", "heights");
  fs::last_write_time(folder / "c", fs::last_write_time(folder / "a"));
  const FileStamps stamps({folder / "a"});
  fs::rename(folder / "c", folder / "a");
  BOOST_CHECK_EXCEPTION(stamps.require_unchanged(), Error, says(folder / "a", "was changed"));
}

BOOST_AUTO_TEST_CASE(OneThatIsHeldIsSeenToBeWrittenToAlsoWhereItHasAnotherNameByNow) {
  TemporaryFolder folder;
  const fs::path a = folder / "a";
  write(a, "weights");
  const FileStamps stamps({a, folder / "b"});
  write(folder / "b", "a file more");
  fs::rename(a, folder / "elsewhere");
  write(a, "other weights");
  BOOST_TEST(stamps.is_unwritten());
  write_later(folder / "elsewhere", "heights");
  BOOST_TEST(!stamps.is_unwritten());
}

BOOST_AUTO_TEST_SUITE_END()
