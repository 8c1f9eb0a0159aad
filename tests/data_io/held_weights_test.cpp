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
void age(const fs::path& path, int seconds) {
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(seconds));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(held_weights_test)

BOOST_AUTO_TEST_CASE(AnotherFileInTheirPlaceIsNothingAndAWriteIsAnErrorAlsoWhereItIsUndone) {
  TemporaryFolder folder;
  const fs::path file = folder / "model.safetensors";
  write(file, "weights");
  const HeldWeights held(folder.path());
  write(folder / "other", "others");
  fs::rename(file, folder / "elsewhere");
  fs::rename(folder / "other", file);
  held.require_unwritten();
  for (const char* text : {"heights", "weights"}) {
    write(folder / "elsewhere", text);
    age(folder / "elsewhere", 2);
    BOOST_TEST(!held.is_unwritten());
    BOOST_CHECK_EXCEPTION(held.require_unwritten(), Error, [&](const Error& error) {
      return error.code() == ExitCode::kInput &&
             std::string(error.what()).starts_with(folder.path().string() + ": its weights");
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
