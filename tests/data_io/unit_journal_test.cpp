#include "data_io/unit_journal.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* const first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

std::map<UnitJournal::Place, std::vector<std::byte>> units_in(const UnitJournal& journal,
                                                              std::int64_t first) {
  std::map<UnitJournal::Place, std::vector<std::byte>> units;
  for (const auto& [place, record] : journal.find(first)) units[place] = UnitJournal::read(record);
  return units;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unit_journal_test)

BOOST_AUTO_TEST_CASE(UnitsOfAllRanksAndStartsAreRead) {
  TemporaryFolder folder;
  for (int rank = 0; rank < 2; ++rank) {
    for (std::uint32_t start = 0; start < 2; ++start) {
      UnitJournal journal(folder.path(), rank);
      journal.add(4, static_cast<std::uint32_t>(rank), bytes_of("old"));
      journal.add(5, 2 * start + static_cast<std::uint32_t>(rank), bytes_of("unit"));
    }
  }
  const UnitJournal journal(folder.path(), 0);
  BOOST_TEST(units_in(journal, 5).size() == 4u);
  BOOST_TEST(units_in(journal, 4).size() == 6u);
  BOOST_TEST((units_in(journal, 4).at({4, 1}) == bytes_of("old")));
  BOOST_TEST(units_in(journal, 6).empty());
  journal.forget(5);
  BOOST_TEST(units_in(journal, 0).size() == 4u);
}

// Cut anywhere, and with any byte another: what is read is one of the units as it was written.
BOOST_AUTO_TEST_CASE(ATornOrDamagedEndIsLeftOut) {
  TemporaryFolder folder;
  {
    UnitJournal journal(folder.path(), 0);
    for (std::uint32_t unit = 0; unit < 3; ++unit) journal.add(1, unit, bytes_of("0123456789"));
  }
  const auto path = folder.path() / "1-0-0";
  const std::string whole = read_file(path);
  const UnitJournal journal(folder.path(), 0);
  constexpr std::size_t kBegin = 16;  // before the first record
  const auto whole_units = [&](std::size_t size) {
    return size < kBegin ? 0 : 3 * (size - kBegin) / (whole.size() - kBegin);
  };
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    BOOST_TEST(units_in(journal, 0).size() == whole_units(size));
    std::string other = whole;
    other[size] ^= 1;
    std::ofstream(path, std::ios::binary) << other;
    for (const auto& [place, bytes] : units_in(journal, 0)) {
      BOOST_TEST((place.first == 1 && place.second < 3 && bytes == bytes_of("0123456789")));
    }
    BOOST_TEST(units_in(journal, 0).size() == whole_units(size));
  }
}

BOOST_AUTO_TEST_CASE(AUnitThatWasTakenAwayMeanwhileIsNotRead) {
  TemporaryFolder folder;
  UnitJournal journal(folder.path(), 0);
  journal.add(1, 0, bytes_of("0123456789"));
  const UnitJournal::Record record = journal.find(0).at({1, 0});
  std::filesystem::resize_file(record.file, 20);
  BOOST_CHECK_EXCEPTION(UnitJournal::read(record), Error, has("1-0-0", ExitCode::kResource));
  std::filesystem::remove(record.file);
  BOOST_CHECK_EXCEPTION(UnitJournal::read(record), Error, has("1-0-0", ExitCode::kResource));
}

// A run's directory may come from elsewhere, and forget() and remove() remove files.
BOOST_AUTO_TEST_CASE(FilesOfOthersAreNeitherReadNorRemoved) {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder / "photos");
  const std::vector<std::string> names{"2023-01-02.jpg", "5-", "5-0", "5-0-0-0", "-5-0-0", "5-0-x"};
  for (const std::string& name : names) folder.write("photos/" + name, "a picture");
  const UnitJournal journal(folder / "photos", 0);
  BOOST_TEST(units_in(journal, 0).empty());
  journal.remove();
  for (const std::string& name : names) {
    BOOST_TEST(std::filesystem::exists(folder / ("photos/" + name)), name);
  }
  std::filesystem::create_directory_symlink(folder / "photos", folder / "journal");
  BOOST_CHECK_EXCEPTION(UnitJournal(folder / "journal", 0).find(0), Error,
                        has("is a symbolic link", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(UnitsOfOtherInputsAreLeftOut) {
  TemporaryFolder folder;
  for (const std::uint64_t inputs : {7u, 8u}) {
    UnitJournal journal(folder.path(), 0);
    journal.set_inputs(inputs);
    journal.add(1, static_cast<std::uint32_t>(inputs), bytes_of("unit"));
  }
  for (const std::uint64_t inputs : {7u, 8u}) {
    UnitJournal journal(folder.path(), 0);
    journal.set_inputs(inputs);
    const auto units = units_in(journal, 0);
    BOOST_TEST(units.size() == 1u);
    BOOST_TEST(units.contains({1, static_cast<std::uint32_t>(inputs)}));
  }
  BOOST_TEST(UnitJournal(folder.path(), 0).find(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()
