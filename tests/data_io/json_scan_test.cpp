#include "data_io/json_scan.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace arf;

namespace {

std::size_t byte_by_byte(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"' && text[at] != '\\' &&
         static_cast<unsigned char>(text[at]) >= 0x20) {
    ++at;
  }
  return at;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_scan_test)

// Every byte at every place of three blocks of eight, before and after bytes that may carry a
// borrow to it.
BOOST_AUTO_TEST_CASE(FindsWhatALoopOverBytesFinds) {
  for (const char other : {'a', ' ', '\x7f', '\x80', '\xff'}) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < 24; ++place) {
        std::string text(24, other);
        text[place] = static_cast<char>(byte);
        for (const std::size_t from : {std::size_t{0}, std::size_t{3}, place, place + 1}) {
          BOOST_REQUIRE_EQUAL(end_of_plain(text, from), byte_by_byte(text, from));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(FindsTheFirstOfTwo) {
  for (const char first : {'"', '\\', '\x01', '\x1f'}) {
    for (const char second : {'"', '\\', '\x01', '#', ']', '!'}) {
      const std::string text = std::string("abc") + first + second + "defghijk";
      BOOST_TEST(end_of_plain(text, 0) == 3u);
      BOOST_TEST(end_of_plain(text, 4) == byte_by_byte(text, 4));
    }
  }
}

BOOST_AUTO_TEST_CASE(EndIsTheTextsOrWhereItBegan) {
  BOOST_TEST(end_of_plain("", 0) == 0u);
  BOOST_TEST(end_of_plain("abcdefghij", 2) == 10u);
  BOOST_TEST(end_of_plain("abc", 5) == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
