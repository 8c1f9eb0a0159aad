#include "data_io/state_store.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

SavedState some_state(float value) {
  SavedState state;
  state.arrays["parameters"] = {value, -0.0f, std::nanf(""), 1e-40f};
  state.arrays["empty"] = {};
  state.numbers["step"] = (1ll << 60) + 1;
  state.sums["loss"] = 0.1 + 0.2;
  return state;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_store_test)

BOOST_AUTO_TEST_CASE(AStateComesBackWithAllItsBits) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  BOOST_TEST(!store.newest());
  const SavedState state = some_state(1.5f);
  store.write(7, state);
  const auto again = store.newest();
  BOOST_REQUIRE(again);
  BOOST_TEST(same_bits(again->array("parameters", 4), state.arrays.at("parameters")));
  BOOST_TEST(again->array("empty").empty());
  BOOST_TEST(again->number("step") == (1ll << 60) + 1);
  BOOST_TEST(again->sum("loss") == 0.1 + 0.2);
  BOOST_CHECK_EXCEPTION(again->number("other"), Error, has("lacks `other`", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(again->array("parameters", 5), Error,
                        has("4 numbers and this run needs 5", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ANumberOutOfItsRangeIsRefused) {
  SavedState state;
  state.path = "step-000000007";
  state.numbers["count"] = 7;
  BOOST_TEST(state.number("count", 7, 7) == 7);
  BOOST_TEST(state.number("count", 0, kMostSteps) == 7);
  BOOST_CHECK_EXCEPTION(
      state.number("count", 8, 9), Error,
      has("step-000000007: `count` is 7 and has to be from 8 to 9", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(state.number("count", 6, 6), Error,
                        has("`count` is 7 and has to be 6", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(state.number("other", 0, 9), Error, has("lacks `other`", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(TheTwoNewestAreKeptAndTheNewestIsRead) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  for (const int step : {9, 10, 100}) store.write(step, some_state(static_cast<float>(step)));
  BOOST_TEST(store.newest()->array("parameters")[0] == 100.0f);
  BOOST_TEST(!std::filesystem::exists(folder / "checkpoints/step-000000009"));
  BOOST_TEST(std::filesystem::exists(folder / "checkpoints/step-000000010/DONE"));
}

// A run that goes on and is stopped before it has done anything.
BOOST_AUTO_TEST_CASE(ACheckpointThatIsWrittenAgainCostsNotTheOneBefore) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  for (const int step : {10, 20, 20}) store.write(step, some_state(static_cast<float>(step)));
  BOOST_TEST(std::filesystem::exists(folder / "checkpoints/step-000000010/DONE"));
  StateStore again(folder / "checkpoints");
  BOOST_TEST(again.newest()->array("parameters")[0] == 20.0f);
  again.write(20, some_state(20));
  BOOST_TEST(std::filesystem::exists(folder / "checkpoints/step-000000010/DONE"));
}

BOOST_AUTO_TEST_CASE(WhatHasTheNameOfACheckpointCostsNoGoodOne) {
  const TemporaryFolder folder;
  const auto at = folder / "checkpoints";
  const auto make = [&](const std::string& name) {
    std::filesystem::create_directories(at / name);
    std::ofstream(at / name / "DONE");
  };
  {
    StateStore store(at);
    store.write(10, some_state(10));
    store.write(20, some_state(20));
  }
  for (const char* name : {"step-500", "step-0000000000501", "step-000000015"}) make(name);
  for (const char* name : {"step-000000502", "step-000000503"}) {  // cannot be read
    make(name);
    std::filesystem::create_directories(at / name / "state.json");
    std::ofstream(at / name / "state.safetensors");
  }
  StateStore store(at);
  BOOST_TEST(store.newest()->array("parameters")[0] == 20.0f);
  store.write(30, some_state(30));
  BOOST_TEST(std::filesystem::exists(at / "step-000000020/DONE"));
  BOOST_TEST(!std::filesystem::exists(at / "step-000000010"));
  store.write(40, some_state(40));
  BOOST_TEST(StateStore(at).newest()->array("parameters")[0] == 40.0f);
  std::ofstream(at / "step-000000040/state.safetensors") << "torn";
  BOOST_TEST(StateStore(at).newest()->array("parameters")[0] == 30.0f);
  BOOST_TEST(std::filesystem::exists(at / "step-500"));
}

BOOST_AUTO_TEST_CASE(AnIncompleteCheckpointIsPassedOver) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  store.write(1, some_state(1));
  store.write(2, some_state(2));
  std::filesystem::remove(folder / "checkpoints/step-000000002/DONE");
  std::filesystem::create_directories(folder / "checkpoints/step-000000003.partial");
  BOOST_TEST(store.newest()->array("parameters")[0] == 1.0f);
}

BOOST_AUTO_TEST_CASE(ADamagedCheckpointIsNamed) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  store.write(1, some_state(1));
  const auto path = folder / "checkpoints/step-000000001/state.safetensors";
  std::string bytes = read_file(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  BOOST_CHECK_EXCEPTION(store.newest(), Error, has("is damaged", ExitCode::kInput));
}

// The hashes find damage; whoever writes a checkpoint can make them right.
BOOST_AUTO_TEST_CASE(ACheckpointWithRightHashesAndWrongNumbersIsDamaged) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const auto& [numbers, sums] :
       std::vector<std::pair<std::string, std::string>>{{R"({"step":"x"})", "{}"},
                                                        {"[1]", "{}"},
                                                        {R"({"step":1e300})", "{}"},
                                                        {"{}", R"({"loss":0.5})"},
                                                        {"{}", R"({"loss":null})"},
                                                        {"{}", "3"},
                                                        {deep, "{}"}}) {
    const TemporaryFolder folder;
    StateStore store(folder / "checkpoints");
    store.write(1, some_state(1));
    const auto path = folder / "checkpoints/step-000000001";
    std::ofstream(path / "state.json", std::ios::binary)
        << "{\"numbers\":" << numbers << ",\"sums\":" << sums << ",\"arrays_sha256\":\""
        << sha256_of_file(path / "state.safetensors")
        << "\",\"arrays_bytes\":" << size_of_file(path / "state.safetensors")
        << ",\"numbers_sha256\":\""
        << sha256_hex((numbers.size() < 100 ? Json::parse(numbers).dump() : numbers) + sums)
        << "\"}";
    BOOST_CHECK_EXCEPTION(store.newest(), Error, has("is damaged", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(ADamagedCheckpointIsPassedOver) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  store.write(1, some_state(1));
  store.write(2, some_state(2));
  // A number that was changed is noticed as an array is.
  const auto path = folder / "checkpoints/step-000000002/state.json";
  std::string text = read_file(path);
  const auto digit = text.find_first_of("123456789", text.find("\"numbers\""));
  text[digit] = text[digit] == '9' ? '8' : '9';
  std::ofstream(path, std::ios::binary) << text;
  BOOST_TEST(store.newest()->array("parameters")[0] == 1.0f);
}

// Hashing a sparse file of this size takes a good quarter of an hour.
BOOST_AUTO_TEST_CASE(AFileThatHasGrownIsPassedOverUnread, *boost::unit_test::timeout(60)) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  store.write(1, some_state(1));
  store.write(2, some_state(2));
  const auto path = folder / "checkpoints/step-000000002/state.safetensors";
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(store.newest()->array("parameters")[0] == 1.0f);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
}

// It may be whole, on a disk with a bad sector or of another owner.
BOOST_AUTO_TEST_CASE(ACheckpointThatCannotBeReadIsPassedOverAndStays) {
  const TemporaryFolder folder;
  StateStore store(folder / "checkpoints");
  store.write(1, some_state(1));
  store.write(2, some_state(2));
  const auto path = folder / "checkpoints/step-000000002/state.json";
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  BOOST_TEST(store.newest()->array("parameters")[0] == 1.0f);
  BOOST_TEST(std::filesystem::exists(path));
}

BOOST_AUTO_TEST_SUITE_END()
