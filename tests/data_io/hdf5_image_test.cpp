#include "data_io/hdf5_image.h"

#include <hdf5.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>

#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

constexpr std::size_t kChunk = 1 << 18;  // bytes of a chunk in the file

// Bytes that gzip cannot shrink, or (spread 4) can.
std::vector<std::uint8_t> some_bytes(std::size_t count, unsigned spread) {
  std::vector<std::uint8_t> bytes(count);
  std::uint32_t state = 1;
  for (auto& byte : bytes) byte = (state = state * 1664525u + 1013904223u) >> 24 & (spread - 1);
  return bytes;
}

std::string image_of(bool compress, const std::vector<std::uint64_t>& numbers) {
  Hdf5ImageWriter out(compress);
  out.add("numbers", std::span<const std::uint64_t>(numbers));
  return out.bytes();
}

// What HDF5's library finds in a dataset: any reader but ours. It undoes our filters with its own
// and compares our checksum. Nothing where it cannot read it.
template <typename Value>
std::vector<Value> by_the_library(std::string image, const char* name, hid_t type) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, 1 << 20, false);
  H5Pset_file_image(access, image.data(), image.size());
  const hid_t file = H5Fopen("by-the-library", H5F_ACC_RDONLY, access);
  const hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(set);
  std::vector<Value> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  const herr_t read = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Sclose(space), H5Dclose(set), H5Fclose(file), H5Pclose(access);
  if (read < 0) values.clear();
  return values;
}

// Where an image has the first node of a tree of chunks; its first key follows in 24 bytes.
std::size_t first_chunk_node(const std::string& image) {
  const std::size_t node = image.find(std::string_view("TREE\x01", 5));
  BOOST_REQUIRE(node != std::string::npos);
  return node;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hdf5_image_test)

BOOST_AUTO_TEST_CASE(ColumnsOfEverySizeComeBack) {
  for (const bool compress : {false, true}) {
    for (const unsigned spread : {4u, 256u}) {
      for (const std::size_t count :
           {std::size_t{1}, std::size_t{2}, std::size_t{719}, std::size_t{721}, kChunk - 1, kChunk,
            kChunk + 1, 3 * kChunk + 5}) {
        const auto bytes = some_bytes(count, spread);
        const std::vector<std::uint64_t> numbers(bytes.begin(), bytes.begin() + (count + 7) / 8);
        std::vector<float> scores(bytes.begin(), bytes.begin() + count / 12 * 3);
        Hdf5ImageWriter out(compress);
        out.add("bytes", bytes);
        out.add("numbers", std::span<const std::uint64_t>(numbers));
        out.add("scores", scores, 3);
        const std::string image = out.bytes();
        const Hdf5ImageReader in(image, "image");
        BOOST_CHECK(in.bytes("bytes") == bytes);
        BOOST_CHECK(in.numbers("numbers") == numbers);
        BOOST_CHECK(in.floats("scores", 3) == scores);
        BOOST_CHECK(by_the_library<std::uint8_t>(image, "bytes", H5T_STD_U8LE) == bytes);
        BOOST_CHECK(by_the_library<std::uint64_t>(image, "numbers", H5T_STD_U64LE) == numbers);
        BOOST_CHECK(by_the_library<float>(image, "scores", H5T_IEEE_F32LE) == scores);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(ColumnOfEqualElementsTakesNoRoom) {
  std::vector<std::uint64_t> numbers(1000000, 0x0102030405060708);
  const std::string image = image_of(false, numbers);
  BOOST_TEST(image.size() < 10000u);
  BOOST_CHECK(Hdf5ImageReader(image, "image").numbers("numbers") == numbers);
  numbers.back() += 1;
  const std::string other = image_of(false, numbers);
  BOOST_TEST(other.size() > 8 * numbers.size());
  BOOST_CHECK(Hdf5ImageReader(other, "image").numbers("numbers") == numbers);
}

// HDF5 takes two open files of one name for one file.
BOOST_AUTO_TEST_CASE(ImagesThatAreOpenTogetherAreApart) {
  const std::vector<std::uint64_t> small{1, 2}, large{3, 4, 5};
  const std::string one = image_of(true, small), two = image_of(true, large);
  const Hdf5ImageReader first(one, "one"), second(two, "two");
  BOOST_TEST(second.numbers("numbers") == large, boost::test_tools::per_element());
  BOOST_TEST(first.numbers("numbers") == small, boost::test_tools::per_element());
  BOOST_TEST((image_of(true, small) == one));
}

BOOST_AUTO_TEST_CASE(ColumnThatClaimsMoreThanTheFileCanHoldIsRefused) {
  const std::uint64_t rows = 1000003, lie = 9000000;  // 72 MB
  std::vector<std::uint64_t> numbers(rows, 7);
  for (const bool constant : {true, false}) {
    if (!constant) numbers[0] = 8;
    std::string image = image_of(true, numbers);
    const std::string_view from(reinterpret_cast<const char*>(&rows), 8);
    int found = 0;  // its size, and its largest size
    for (std::size_t at; (at = image.find(from)) != std::string::npos; ++found) {
      image.replace(at, 8, reinterpret_cast<const char*>(&lie), 8);
    }
    BOOST_REQUIRE(found == 2);
    BOOST_CHECK_EXCEPTION(Hdf5ImageReader(image, "image").numbers("numbers"), Error,
                          has("image: dataset `numbers` claims 9000000 rows", ExitCode::kInput));
  }
}

// One flipped bit there makes other numbers of all that are stored.
BOOST_AUTO_TEST_CASE(OtherTypeOfNumbersIsRefused) {
  const std::string image = image_of(false, {1, 2, 3});
  const std::string_view u64("\x10\0\0\0\x08\0\0\0\0\0\x40\0", 12);  // bits 0 to 64, unsigned
  const auto at = image.find(u64);
  BOOST_REQUIRE(at != std::string::npos);
  for (const std::size_t byte : {1, 8, 10}) {  // byte order or sign, first bit, number of bits
    for (const int bit : {0, 3}) {
      std::string damaged = image;
      damaged[at + byte] = static_cast<char>(damaged[at + byte] ^ 1 << bit);
      BOOST_CHECK_EXCEPTION(Hdf5ImageReader(damaged, "image").numbers("numbers"), Error,
                            has("image: ", ExitCode::kInput));
    }
  }
}

// More of them than a reader believes of a dataset without chunks.
BOOST_AUTO_TEST_CASE(LargeColumnOfEqualElementsComesBack) {
  const std::vector<std::uint64_t> numbers(9000000, 7);  // 72 MB
  const std::string image = image_of(true, numbers);
  BOOST_CHECK(Hdf5ImageReader(image, "image").numbers("numbers") == numbers);
}

// They take no room, so that a reader believes so many bytes of all of them together and no more.
BOOST_AUTO_TEST_CASE(ManyLargeColumnsOfEqualElementsComeBack) {
  const std::vector<std::uint64_t> numbers(5000000, 7);  // 40 MB
  Hdf5ImageWriter out(true);
  for (const char* name : {"a", "b", "c"}) out.add(name, std::span<const std::uint64_t>(numbers));
  const std::string image = out.bytes();
  const Hdf5ImageReader in(image, "image");
  for (const char* name : {"a", "b", "c"}) BOOST_CHECK(in.numbers(name) == numbers);
}

BOOST_AUTO_TEST_CASE(ManyNamesInAGroupAreFound) {
  Hdf5ImageWriter out(true);
  out.group("group");
  for (std::uint64_t i = 0; i < 40; ++i) {
    out.add("group/" + std::to_string(i), std::span<const std::uint64_t>(&i, 1));
  }
  const std::string image = out.bytes();
  const Hdf5ImageReader in(image, "image");
  for (std::uint64_t i = 0; i < 40; ++i) {
    BOOST_TEST(in.numbers("group/" + std::to_string(i)).at(0) == i);
  }
}

// HDF5's library reads before the chunk's begin, and the process ends.
BOOST_AUTO_TEST_CASE(ChunkShorterThanItsChecksumIsRefused) {
  for (std::uint32_t size = 0; size <= 4; ++size) {
    std::string image = image_of(true, {1, 2, 3});
    std::memcpy(image.data() + first_chunk_node(image) + 24, &size, sizeof size);
    BOOST_CHECK_EXCEPTION(Hdf5ImageReader(image, "image").numbers("numbers"), Error,
                          has("image: ", ExitCode::kInput));
  }
}

// A node that is its own child.
BOOST_AUTO_TEST_CASE(EndlessTreeIsRefused) {
  std::string image = image_of(true, {1, 2, 3});
  const std::uint64_t node = first_chunk_node(image);
  for (const int level : {1, 255}) {
    image[node + 5] = static_cast<char>(level);
    std::memcpy(image.data() + node + 24 + 24, &node, sizeof node);
    BOOST_CHECK_EXCEPTION(Hdf5ImageReader(image, "image").numbers("numbers"), Error,
                          has("image: ", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(AnyOtherByteIsReadOrRefused) {
  const std::string image = image_of(true, {1, 2, 3});
  for (std::size_t at = 0; at < image.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string other = image;
      other[at] = static_cast<char>(other[at] ^ flip);
      try {
        BOOST_TEST(Hdf5ImageReader(other, "image").numbers("numbers").size() <= 3u);
      } catch (const Error& error) {
        BOOST_TEST((error.code() == ExitCode::kInput), "byte " << at << ": " << error.what());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(ColumnWithoutScoresIsNan) {
  Hdf5ImageWriter out(true);
  out.add("scores", std::vector<float>(3000, NAN), 3);
  const std::string image = out.bytes();
  const auto scores = Hdf5ImageReader(image, "image").floats("scores", 3);
  BOOST_TEST(scores.size() == 3000u);
  BOOST_TEST(std::count_if(scores.begin(), scores.end(), [](float s) { return std::isnan(s); }) ==
             3000);
}

BOOST_AUTO_TEST_SUITE_END()
