#include "data_io/held_weights.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>

#include "core/error.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const char* text) { std::ofstream(path) << text; }

}  // namespace

BOOST_AUTO_TEST_SUITE(held_weights_test)

BOOST_AUTO_TEST_CASE(AnotherFileInTheirPlaceIsNothingAndAWriteIsAnErrorAlsoWhereItIsUndone) {
  TemporaryFolder folder;
  const fs::path file = folder / "model.safetensors";
  write(file, "weights");
  HeldWeights held(folder.path());
  write(folder / "other", "others");
  fs::rename(file, folder / "elsewhere");
  fs::rename(folder / "other", file);
  held.require_unwritten();
  const auto before = fs::last_write_time(folder / "elsewhere");
  for (const char* text : {"heights", "weights"}) {
    write(folder / "elsewhere", text);
    // Where it was seen once, also if it is undone with the file's time.
    fs::last_write_time(folder / "elsewhere", before + std::chrono::seconds(*text == 'h' ? 2 : 0));
    BOOST_TEST(!held.is_unwritten());
    BOOST_CHECK_EXCEPTION(held.require_unwritten(), Error, [&](const Error& error) {
      return error.code() == ExitCode::kInput &&
             std::string(error.what()).starts_with(folder.path().string() + ": its weights");
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
