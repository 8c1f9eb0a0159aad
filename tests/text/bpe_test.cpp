#include <boost/test/unit_test.hpp>

#include "core/philox.h"
#include "text/word_model.h"

using namespace arf;

namespace {

std::array<TokenId, 256> bytes_as_ids() {
  std::array<TokenId, 256> tokens{};
  for (int byte = 0; byte < 256; ++byte) tokens[static_cast<std::size_t>(byte)] = byte;
  return tokens;
}

std::vector<TokenId> encode(const ByteLevelBpe& encoder, std::string_view word) {
  std::vector<TokenId> tokens;
  encoder.encode(word, &tokens);
  return tokens;
}

// The definition, word for word: look for the best pair, replace its leftmost, begin anew.
std::vector<TokenId> by_definition(const std::vector<Merge>& merges, std::string_view word) {
  std::vector<TokenId> tokens;
  for (const char byte : word) tokens.push_back(static_cast<unsigned char>(byte));
  for (;;) {
    std::size_t best_rank = merges.size(), best = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      for (std::size_t rank = 0; rank < best_rank; ++rank) {
        if (merges[rank].left != tokens[i] || merges[rank].right != tokens[i + 1]) continue;
        best_rank = rank;
        best = i;
      }
    }
    if (best_rank == merges.size()) return tokens;
    tokens[best] = merges[best_rank].made;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bpe_test)

BOOST_AUTO_TEST_CASE(TheFirstMergeInTheListComesFirst) {
  // "abc": bc before ab, though ab stands further left.
  const ByteLevelBpe encoder(bytes_as_ids(), {{'b', 'c', 256}, {'a', 'b', 257}}, {});
  BOOST_TEST(encode(encoder, "abc") == (std::vector<TokenId>{'a', 256}));
  BOOST_TEST(encode(encoder, "abab") == (std::vector<TokenId>{257, 257}));
}

BOOST_AUTO_TEST_CASE(OfTwoEqualPairsTheLeftmostIsMerged) {
  const ByteLevelBpe encoder(bytes_as_ids(), {{'a', 'a', 256}, {256, 'a', 257}}, {});
  BOOST_TEST(encode(encoder, "aaa") == (std::vector<TokenId>{257}));
  BOOST_TEST(encode(encoder, "aaaaa") == (std::vector<TokenId>{256, 257}));
}

// Pairs that multiplying by 2^64 / golden ratio, as many tables do, puts in one place each.
std::vector<Merge> colliding_merges(std::size_t count) {
  constexpr std::uint64_t kBack = 0xf1de83e19937733dull;  // undoes it
  static_assert(kBack * 0x9e3779b97f4a7c15ull == 1);
  std::vector<Merge> merges;
  for (std::uint64_t high = 1; merges.size() < count; ++high) {
    const std::uint64_t pair = (high << 32 | (high & 0xfffff)) * kBack;
    const auto left = static_cast<TokenId>(pair >> 32), right = static_cast<TokenId>(pair);
    if (left >= 0 && right >= 0) merges.push_back({left, right, 256});
  }
  return merges;
}

BOOST_AUTO_TEST_CASE(MergesMadeToCollideTakeNoQuadraticTime, *boost::unit_test::timeout(10)) {
  const auto merges = colliding_merges(250'000);
  const MergeRanks ranks(merges);
  for (const Merge& merge : merges) {
    std::vector<TokenId> tokens = {merge.left, merge.right};
    ranks.merge(0, &tokens);
    BOOST_REQUIRE(tokens == std::vector<TokenId>{256});
  }
}

BOOST_AUTO_TEST_CASE(MergesGoOnWithWhatMergesMade) {
  const ByteLevelBpe encoder(
      bytes_as_ids(), {{'l', 'o', 256}, {256, 'w', 257}, {'e', 'r', 258}, {257, 258, 259}}, {});
  BOOST_TEST(encode(encoder, "lower") == (std::vector<TokenId>{259}));
  BOOST_TEST(encode(encoder, "lowe") == (std::vector<TokenId>{257, 'e'}));
  BOOST_TEST(encode(encoder, "x") == (std::vector<TokenId>{'x'}));
}

BOOST_AUTO_TEST_CASE(ARepeatedPairHasItsLaterRank) {
  const ByteLevelBpe encoder(bytes_as_ids(), {{'a', 'b', 256}, {'b', 'c', 257}, {'a', 'b', 256}},
                             {});
  BOOST_TEST(encode(encoder, "abc") == (std::vector<TokenId>{'a', 257}));
}

BOOST_AUTO_TEST_CASE(WholeWordsComeBeforeMerges) {
  const ByteLevelBpe encoder(bytes_as_ids(), {{'a', 'b', 256}}, {{"abc", 300}});
  BOOST_TEST(encode(encoder, "abc") == (std::vector<TokenId>{300}));
  BOOST_TEST(encode(encoder, "abcd") == (std::vector<TokenId>{256, 'c', 'd'}));
}

BOOST_AUTO_TEST_CASE(RandomWordsOfAnyLengthAgreeWithTheDefinition) {
  const RandomStream random(1, Purpose::kTest, 40);
  std::uint32_t next = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<Merge> merges;
    for (TokenId made = 256; made < 280; ++made) {
      const auto pick = [&] {
        const std::uint32_t index =
            random.below(next++, 3 + static_cast<std::uint32_t>(made - 256));
        return index < 3 ? static_cast<TokenId>('a' + index) : static_cast<TokenId>(253 + index);
      };
      merges.push_back({pick(), pick(), made});
    }
    const ByteLevelBpe encoder(bytes_as_ids(), merges, {});
    for (const std::uint32_t most : {8u, 60u, 300u}) {  // short words and long ones
      std::string word(1 + random.below(next++, most), 'a');
      for (char& letter : word) letter = static_cast<char>('a' + random.below(next++, 3));
      std::vector<Merge> unique = merges;  // a repeated pair counts where it stands last
      for (std::size_t i = 0; i < unique.size(); ++i)
        for (std::size_t j = i + 1; j < unique.size(); ++j)
          if (unique[i].left == unique[j].left && unique[i].right == unique[j].right)
            unique[i] = {-1, -1, -1};
      BOOST_TEST_REQUIRE(encode(encoder, word) == by_definition(unique, word), word);
    }
  }
}

BOOST_AUTO_TEST_CASE(AMegabyteWithoutABorderTakesNoSquareOfTime) {
  const ByteLevelBpe encoder(bytes_as_ids(), {{'a', 'a', 256}, {256, 256, 257}}, {});
  const std::vector<TokenId> tokens = encode(encoder, std::string(1 << 20, 'a'));
  BOOST_TEST(tokens.size() == (1u << 18));
}

BOOST_AUTO_TEST_SUITE_END()
