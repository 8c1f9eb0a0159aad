#include "core/error.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <new>

#include "core/utf8.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(AnExceptionOfAnyKindHasItsExitCode) {
  const Error ours = as_error(Error(ExitCode::kInput, "row 3"));
  BOOST_TEST((ours.code() == ExitCode::kInput));
  BOOST_TEST(ours.what() == std::string("row 3"));
  BOOST_TEST((as_error(std::bad_alloc()).code() == ExitCode::kResource));
  // As LibTorch puts it, with a stack trace behind.
  const Error memory =
      as_error(std::runtime_error("[enforce fail at alloc_cpu.cpp:127] err == 0. "
                                  "DefaultCPUAllocator: can't allocate memory: you "
                                  "tried to allocate 4 bytes.\nframe #0: ..."));
  BOOST_TEST((memory.code() == ExitCode::kResource));
  BOOST_TEST(std::string(memory.what()).find('\n') == std::string::npos);
  const std::filesystem::filesystem_error disk("rename", "a/b",
                                               std::make_error_code(std::errc::no_space_on_device));
  BOOST_TEST(as_error(disk).what() == std::string("a/b: No space left on device"));
  const std::filesystem::filesystem_error link(
      "status", "a", std::make_error_code(std::errc::too_many_symbolic_link_levels));
  BOOST_TEST((as_error(link).code() == ExitCode::kInput));
  BOOST_TEST((as_error(std::logic_error("x")).code() == ExitCode::kDefect));
}

BOOST_AUTO_TEST_CASE(AMessageOfAnyLengthKeepsItsBeginningAndItsEnd) {
  const std::string name(30'000'000, 'a');
  const std::string message = Error(ExitCode::kInput, "file `" + name + "` is bad").what();
  BOOST_TEST(message.size() < kMostMessageBytes + 10);
  BOOST_TEST(message.starts_with("file `aaa"));
  BOOST_TEST(message.ends_with("aaa` is bad"));
  BOOST_TEST(message.find("…") != std::string::npos);
  const std::string whole(kMostMessageBytes, 'a');
  BOOST_TEST(Error(ExitCode::kInput, whole).what() == whole);
}

// A value of a configuration file may have one.
BOOST_AUTO_TEST_CASE(ANulDoesNotEndAMessage) {
  using namespace std::string_literals;
  BOOST_TEST(Error(ExitCode::kUsage, "a\0b: is wrong"s).what() == "a\\x00b: is wrong"s);
}

BOOST_AUTO_TEST_CASE(ATextIsCutWhereCharactersBegin) {
  for (std::size_t most = 8; most < 20; ++most) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "\u4e2d";
    BOOST_TEST(is_utf8(shortened(text, most)));
  }
  BOOST_TEST(shortened(std::string(100, '\x80'), 8).size() < 20u);
}

BOOST_AUTO_TEST_SUITE_END()
