#include "core/text_hash.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <vector>

using namespace arf;

namespace {

// The mixing of 8 bytes in MurmurHash64A, which is the standard library's hash of a string.
constexpr std::uint64_t kFactor = 0xc6a4a7935bd1e995ull;

std::uint64_t mixed(std::uint64_t bytes) {
  bytes *= kFactor;
  return (bytes ^ bytes >> 47) * kFactor;
}

// Odd numbers have an inverse modulo 2^64: Newton's iteration.
std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t x = odd;
  for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
  return x;
}

std::uint64_t unmixed(std::uint64_t hash) {
  static const std::uint64_t back = inverse(kFactor);
  hash *= back;
  return (hash ^ hash >> 47) * back;
}

// Texts of 16 ASCII bytes that the standard library's hash cannot tell apart: the second half
// undoes what the first did.
std::vector<std::string> colliding_texts(std::size_t count) {
  const std::uint64_t seed = 0xc70f6907ull ^ 16 * kFactor;
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; texts.size() < count; ++i) {
    const std::uint64_t first = 0x3030303030303030ull + (i & 15) + (i >> 4 & 15) * 0x100 +
                                (i >> 8 & 15) * 0x10000 + (i >> 12 & 15) * 0x1000000 +
                                (i >> 16 & 15) * 0x100000000 + (i >> 20 & 15) * 0x10000000000 +
                                (i >> 24 & 15) * 0x1000000000000;
    const std::uint64_t second = unmixed((seed ^ mixed(first)) * kFactor);
    if (second & 0x8080808080808080ull) continue;
    std::string text(16, '\0');
    std::memcpy(text.data(), &first, 8);
    std::memcpy(text.data() + 8, &second, 8);
    texts.push_back(text);
  }
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_hash_test)

BOOST_AUTO_TEST_CASE(ATextIsFoundByWhateverHoldsIt) {
  TextMap<int> map;
  map["one"] = 1;
  BOOST_TEST(map.find(std::string_view("one"))->second == 1);
  BOOST_TEST((map.find(std::string_view("two")) == map.end()));
  BOOST_TEST(TextHash{}("a text") == TextHash{}(std::string("a text")));
  BOOST_TEST(TextHash{}("a text") != TextHash{}("a text "));
}

BOOST_AUTO_TEST_CASE(TextsMadeToCollideTakeNoQuadraticTime, *boost::unit_test::timeout(10)) {
  const std::vector<std::string> texts = colliding_texts(100'000);
  // They are what they are meant to be: of this library's hash, which may be another's elsewhere.
  const std::hash<std::string> standard;
  BOOST_WARN_MESSAGE(std::all_of(texts.begin(), texts.end(),
                                 [&](const auto& t) { return standard(t) == standard(texts[0]); }),
                     "the texts collide in another library");
  TextMap<std::size_t> map;
  for (std::size_t i = 0; i < texts.size(); ++i) map.emplace(texts[i], i);
  BOOST_TEST(map.size() == texts.size());
}

BOOST_AUTO_TEST_SUITE_END()
