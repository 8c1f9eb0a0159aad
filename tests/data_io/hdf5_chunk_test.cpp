#include "data_io/hdf5_chunk.h"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace arf;

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hdf5_chunk_test)

// The values that are published for words with the low byte first, their halves' bytes exchanged.
BOOST_AUTO_TEST_CASE(Fletcher32HasThePublishedValues) {
  BOOST_TEST(fletcher32(bytes_of("abcde")) == 0x4ff029c7u);
  BOOST_TEST(fletcher32(bytes_of("abcdef")) == 0x50562a2du);
  BOOST_TEST(fletcher32(bytes_of("abcdefgh")) == 0xe1eb9195u);
}

// Bits 0 and 1 of the mask are the filters' places: gzip comes first, or after shuffle.
BOOST_AUTO_TEST_CASE(GzipIsSkippedOnlyWhereItDoesNotShrink) {
  std::vector<std::uint8_t> equal(1 << 18, 7), noise(1 << 18);
  std::uint32_t state = 1;
  for (auto& byte : noise) byte = (state = state * 1664525u + 1013904223u) >> 24;
  ChunkEncoder encoder(true), plain(false);
  BOOST_TEST(encoder.encode(equal, 1).bytes.size() < equal.size() / 100);
  BOOST_TEST(encoder.encode(equal, 1).skipped == 0u);
  BOOST_TEST(encoder.encode(noise, 1).bytes.size() == noise.size() + 4);
  BOOST_TEST(encoder.encode(noise, 1).skipped == 1u);
  BOOST_TEST(encoder.encode(noise, 4).skipped == 2u);
  BOOST_TEST(encoder.encode(equal, 4).skipped == 0u);
  BOOST_TEST(plain.encode(equal, 4).bytes.size() == equal.size() + 4);
  BOOST_TEST(plain.encode(equal, 4).skipped == 0u);
}

// With ISA-L's levels 1 and 2, one place of its tables in a thousand gave other bytes.
BOOST_AUTO_TEST_CASE(WhereTheTablesLieDoesNotShow) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "messages-" + std::to_string(i);
  ChunkEncoder first(true);
  const std::string expected = first.encode(bytes_of(text), 1).bytes;
  std::vector<std::unique_ptr<char[]>> between;  // never touched: addresses only
  int others = 0;
  for (int i = 0; i < 8000; ++i) {
    between.push_back(std::unique_ptr<char[]>(new char[1 << 18]));
    ChunkEncoder encoder(true);
    others += encoder.encode(bytes_of(text), 1).bytes != expected;
  }
  BOOST_TEST(others == 0);
}

BOOST_AUTO_TEST_SUITE_END()
