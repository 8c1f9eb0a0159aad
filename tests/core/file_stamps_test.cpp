#include "core/file_stamps.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const char* text) { std::ofstream(path) << text; }

bool names(const Error& error, const fs::path& path) {
  return error.code() == ExitCode::kInput &&
         std::string(error.what()).starts_with(path.string() + ": was changed");
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
    BOOST_CHECK_EXCEPTION(stamps.require_unchanged(), Error,
                          [&](const Error& error) { return names(error, named); });
  };
  changed(a, [&] { write(a, "longer weights"); });
  changed(a, [&] {  // of one size, and as old
    write(folder / "c", "heights");
    fs::last_write_time(folder / "c", fs::last_write_time(a));
    fs::rename(folder / "c", a);
  });
  changed(a, [&] { fs::remove(a); });
  changed(folder / "b", [&] { write(folder / "b", "a file more"); });
}

BOOST_AUTO_TEST_SUITE_END()
