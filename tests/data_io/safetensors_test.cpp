#include "data_io/safetensors.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstring>

#include "core/activity.h"
#include "core/file.h"
#include "data_io/safetensors_writer.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

std::string file_bytes(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  return bytes + header + std::string(data_bytes, '\1');
}

// What reading `bytes` says; "" where it reads.
std::string complaint(const std::string& bytes) {
  const TemporaryFolder folder;
  try {
    SafetensorsFile file(folder.write("model.safetensors", bytes));
    return "";
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.code()) == static_cast<int>(ExitCode::kInput));
    BOOST_TEST(std::string(error.what()).find("model.safetensors") != std::string::npos);
    return error.what();
  }
}

bool says(const std::string& bytes, const std::string& words) {
  const std::string text = complaint(bytes);
  BOOST_TEST_MESSAGE(text);
  const bool found = text.find(words) != std::string::npos;
  if (!found) BOOST_TEST_ERROR("expected `" << words << "` in: " << text);
  return found;
}

TensorToStore stored(const std::string& name, const std::vector<float>& values,
                     std::vector<std::int64_t> shape) {
  return {name, "F32", std::move(shape), std::as_bytes(std::span(values))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(safetensors_test)

BOOST_AUTO_TEST_CASE(WhatIsWrittenIsRead) {
  const std::vector<float> a = {1, -2.5f, 3}, b = {0.5f, 7};
  const std::string bytes =
      safetensors_bytes({stored("b", b, {2, 1}), stored("a", a, {3})}, {{"format", "pt"}});
  const TemporaryFolder folder;
  const SafetensorsFile file(folder.write("model.safetensors", bytes));
  BOOST_TEST(file.tensors().size() == 2u);
  const StoredTensor& read = file.tensors().at("a");
  BOOST_TEST(read.dtype == "F32");
  BOOST_TEST(read.shape == std::vector<std::int64_t>{3}, boost::test_tools::per_element());
  BOOST_REQUIRE(read.bytes.size() == 12u);
  BOOST_TEST(std::memcmp(read.bytes.data(), a.data(), 12) == 0);
  BOOST_TEST(file.tensors().at("b").shape.at(0) == 2);
  BOOST_TEST(std::memcmp(file.tensors().at("b").bytes.data(), b.data(), 8) == 0);
  BOOST_TEST(file.metadata().at("format") == "pt");
}

BOOST_AUTO_TEST_CASE(EqualInputGivesEqualBytesInAnyOrder) {
  const std::vector<float> a = {1}, b = {2};
  const std::string one = safetensors_bytes({stored("b", b, {1}), stored("a", a, {1})});
  const std::string two = safetensors_bytes({stored("a", a, {1}), stored("b", b, {1})});
  BOOST_TEST((one == two));
  std::uint64_t length = 0;
  std::memcpy(&length, one.data(), sizeof length);
  BOOST_TEST(length % 8 == 0u);
}

// Who watches would take it for a rank that hangs.
BOOST_AUTO_TEST_CASE(PuttingALargeFileTogetherIsProgress) {
  const std::vector<float> values(40 << 20);
  const std::uint64_t before = activity().steps;
  const std::string bytes = safetensors_bytes({stored("a", values, {40 << 20})});
  BOOST_TEST(bytes.size() > values.size() * sizeof(float));
  BOOST_TEST(activity().steps >= before + 3);
}

BOOST_AUTO_TEST_CASE(EmptyTensorsAndScalarsAreRead) {
  const std::string header = R"({"e":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},)"
                             R"("s":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}})";
  BOOST_TEST(complaint(file_bytes(header, 2)) == "");
}

BOOST_AUTO_TEST_CASE(LengthThatLiesIsRefused) {
  says("", "too few");
  says("\1\2\3", "too few");
  const std::string good = safetensors_bytes({});
  BOOST_TEST(complaint(good) == "");
  std::string huge = file_bytes("{}", 0);
  std::memset(huge.data(), 0xff, 8);
  says(huge, "truncated or not");
  std::string longer = file_bytes("{}", 0);
  longer[0] = 3;
  says(longer, "header claims 3 bytes but the file has 10");
}

BOOST_AUTO_TEST_CASE(HeaderThatIsNotAnObjectIsRefused) {
  says(file_bytes("{\"a\":", 0), "not JSON");
  says(file_bytes("[1]", 0), "not a JSON object");
  says(file_bytes(R"({"__metadata__":{"a":1}})", 0), "metadata `a` is not a string");
  says(file_bytes(R"({"a":{"dtype":"F32","shape":[1]}})", 4), "tensor `a` lacks");
  says(file_bytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                  4),
       "`a` stands twice");
}

BOOST_AUTO_TEST_CASE(TruncatedDataIsRefused) {
  const std::vector<float> a(100, 1.0f);
  std::string bytes = safetensors_bytes({stored("weights.a", a, {100})});
  bytes.pop_back();
  says(bytes, "tensor `weights.a` has the data_offsets [0, 400], outside of the file's 399");
}

BOOST_AUTO_TEST_CASE(HolesOverlapsAndLeftoversAreRefused) {
  const auto two = [](const char* first, const char* second, std::size_t size) {
    return file_bytes(fmt::format(R"({{"a":{{"dtype":"F32","shape":[2],"data_offsets":{}}},)"
                                  R"("b":{{"dtype":"F32","shape":[2],"data_offsets":{}}}}})",
                                  first, second),
                      size);
  };
  BOOST_TEST(complaint(two("[0,8]", "[8,16]", 16)) == "");
  says(two("[0,8]", "[4,12]", 12), "tensor `b` overlaps");
  says(two("[0,8]", "[0,8]", 8), "tensor `b` overlaps");
  says(two("[0,8]", "[12,20]", 20), "a hole of 4 bytes before tensor `b`");
  says(two("[4,12]", "[12,20]", 20), "a hole of 4 bytes before tensor `a`");
  says(two("[0,8]", "[8,16]", 20), "4 bytes after the last tensor");
}

BOOST_AUTO_TEST_CASE(ShapesAndTypesThatDoNotFitAreRefused) {
  const auto one = [](const char* dtype, const char* shape, const char* offsets) {
    return file_bytes(fmt::format(R"({{"a":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype,
                                  shape, offsets),
                      8);
  };
  BOOST_TEST(complaint(one("\"F32\"", "[2]", "[0,8]")) == "");
  says(one("\"F33\"", "[2]", "[0,8]"), "unknown dtype \"F33\"");
  says(one("7", "[2]", "[0,8]"), "unknown dtype 7");
  says(one("\"F16\"", "[2]", "[0,8]"), "needs 4 bytes but its data_offsets hold 8");
  says(one("\"F32\"", "[-2]", "[0,8]"), "not a list of counts");
  says(one("\"F32\"", "[2.5]", "[0,8]"), "not a list of counts");
  says(one("\"F32\"", "[2]", "[8,0]"), "data_offsets [8, 0]");
  says(one("\"F32\"", "[2]", "[0,8,9]"), "not two counts");
  // Extents whose product wraps around 2^64 to the right number of bytes.
  says(one("\"F32\"", "[4294967296,4294967296,2]", "[0,8]"), "does not fit");
  says(one("\"F32\"", "[9223372036854775810]", "[0,8]"), "impossible extent");
}

BOOST_AUTO_TEST_CASE(AFileThatIsNotThereIsNamed) {
  BOOST_CHECK_EXCEPTION(SafetensorsFile("/nowhere/x.safetensors"), Error, [](const Error& error) {
    return std::string(error.what()).find("/nowhere/x.safetensors") != std::string::npos;
  });
  BOOST_CHECK_THROW(SafetensorsFile("/tmp"), Error);
}

BOOST_AUTO_TEST_CASE(AHeaderNestedTooDeepIsRefused) {
  // The message prints the value, level by level.
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  BOOST_TEST(
      says(file_bytes("{\"a\":{\"dtype\":" + deep + ",\"shape\":[],\"data_offsets\":[0,4]}}", 4),
           "nested deeper"));
}

BOOST_AUTO_TEST_CASE(AHeaderOfManyTensorsIsReadInLinearTime, *boost::unit_test::timeout(10)) {
  std::string header = "{";
  for (int i = 0; i < 60000; ++i) {
    header += fmt::format("{}\"{}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                          i ? "," : "", i);
  }
  BOOST_TEST(complaint(file_bytes(header + "}", 0)) == "");
}

BOOST_AUTO_TEST_CASE(AFolderIsNotTakenForAFile) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(SafetensorsFile(folder.path()), Error,
                        has("is a directory where a file is needed", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(APipeIsRefusedAndNotWaitedFor, *boost::unit_test::timeout(10)) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder / "model.safetensors";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_CHECK_EXCEPTION(SafetensorsFile{pipe}, Error, has("is no regular file", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(AWriterWritesThroughNoLink) {
  const TemporaryFolder folder;
  const auto other = folder.write("other", "of somebody else");
  std::filesystem::create_symlink(other, folder / "w.safetensors.partial");
  SafetensorsWriter writer(folder / "w.safetensors", {{"w", "F32", {0}, 0}});
  writer.add({});
  writer.finish();
  BOOST_TEST(SafetensorsFile(folder / "w.safetensors").tensors().size() == 1u);
  BOOST_TEST(read_file(other) == "of somebody else");
}

// The limit is for all files of the process, the log of the tests too: nothing is said under it.
BOOST_AUTO_TEST_CASE(AWriterThatCannotBeginLeavesNothing) {
  const TemporaryFolder folder;
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto open_before = open_files();
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4, before.rlim_max};
  const int is_set = ::setrlimit(RLIMIT_FSIZE, &small);
  std::string sentence;
  ExitCode code = ExitCode::kDone;
  try {
    SafetensorsWriter(folder / "w.safetensors", {{"w", "F32", {0}, 0}});
  } catch (const Error& error) {
    sentence = error.what();
    code = error.code();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  BOOST_TEST(is_set == 0);
  BOOST_TEST((code == ExitCode::kResource), sentence);
  BOOST_TEST(sentence.find("writing failed") != std::string::npos, sentence);
  BOOST_TEST(open_files() == open_before);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_SUITE_END()
