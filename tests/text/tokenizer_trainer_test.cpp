#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "core/philox.h"
#include "tests/text/fixtures.h"
#include "text/merge_learner.h"

using namespace arf;

namespace {

Tokenizer train(std::int64_t vocabulary, const std::vector<std::string>& texts) {
  TokenizerTrainer trainer(vocabulary);
  for (const std::string& text : texts) trainer.add(text);
  return trainer.train();
}

std::vector<std::string> random_texts() {
  const RandomStream random(3, Purpose::kTest, 41);
  std::vector<std::string> texts;
  std::uint32_t next = 0;
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (int word = 0; word < 12; ++word) {
      const std::uint32_t length = 1 + random.below(next++, 6);
      for (std::uint32_t k = 0; k < length; ++k)
        text += static_cast<char>('a' + random.below(next++, 5));
      text += word % 4 == 3 ? "\u00e9. " : " ";
    }
    texts.push_back(text);
  }
  return texts;
}

using Counted = std::vector<std::pair<std::vector<TokenId>, std::int64_t>>;

// The definition: count all pairs of all words anew for every merge.
std::vector<Merge> by_definition(Counted words, TokenId next, std::size_t most) {
  std::vector<Merge> merges;
  while (merges.size() < most) {
    std::map<std::pair<TokenId, TokenId>, std::int64_t> pairs;  // ascending: the smaller ids first
    for (const auto& [word, count] : words)
      for (std::size_t i = 0; i + 1 < word.size(); ++i) pairs[{word[i], word[i + 1]}] += count;
    const auto best =
        std::max_element(pairs.begin(), pairs.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best == pairs.end() || best->second < 2) break;
    const auto [left, right] = best->first;
    merges.push_back({left, right, next});
    for (auto& [word, count] : words) {
      for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        if (word[i] != left || word[i + 1] != right) continue;
        word[i] = next;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    }
    ++next;
  }
  return merges;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenizer_trainer_test)

BOOST_AUTO_TEST_CASE(TheVocabularyCountsBytesMergesAndSpecialTokens) {
  const Tokenizer tokenizer = train(262, {"the cat and the hat and the mat, the end"});
  BOOST_TEST(tokenizer.vocabulary_size() == 262);
  BOOST_TEST(*tokenizer.id_of("!") == 0);
  BOOST_TEST(*tokenizer.id_of("<|endoftext|>") == 259);
  BOOST_TEST(*tokenizer.id_of("<|im_start|>") == 260);
  BOOST_TEST(*tokenizer.id_of("<|im_end|>") == 261);
  BOOST_TEST(tokenizer.is_special(261));
  BOOST_TEST(spelled(tokenizer, "the") == "the");
}

BOOST_AUTO_TEST_CASE(TheMostFrequentPairComesFirst) {
  const Tokenizer tokenizer = train(260, {"xy xy xy ab ab"});  // one merge
  BOOST_TEST(tokenizer.token_text(256) == "xy");
}

BOOST_AUTO_TEST_CASE(TiesGoToTheSmallerIds) {
  // All pairs occur twice; 'a' has the smallest id of the left ones, 'b' of its right ones.
  const Tokenizer tokenizer = train(262, {"cd", "cd", "ac", "ab", "ac", "ab"});
  BOOST_TEST(tokenizer.token_text(256) == "ab");
  BOOST_TEST(tokenizer.token_text(257) == "ac");
  BOOST_TEST(tokenizer.token_text(258) == "cd");
}

BOOST_AUTO_TEST_CASE(TheOrderOfTextsDoesNotMatter) {
  std::vector<std::string> texts = random_texts();
  const std::string forward = train(400, texts).json();
  std::reverse(texts.begin(), texts.end());
  BOOST_TEST(train(400, texts).json() == forward);
}

BOOST_AUTO_TEST_CASE(MergesAreThoseOfTheDefinition) {
  const RandomStream random(3, Purpose::kTest, 42);
  std::uint32_t next = 0;
  for (int round = 0; round < 20; ++round) {
    Counted words;
    MergeLearner learner(5);
    for (int i = 0; i < 40; ++i) {
      std::vector<TokenId> word(1 + random.below(next++, 9));
      for (TokenId& token : word) token = static_cast<TokenId>(random.below(next++, 4));
      words.emplace_back(word, 1 + random.below(next++, 4));
      learner.add(word, words.back().second);
    }
    const std::vector<Merge> expected = by_definition(words, 5, 60), got = learner.learn(60);
    BOOST_REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      BOOST_REQUIRE(got[i].left == expected[i].left);
      BOOST_REQUIRE(got[i].right == expected[i].right);
      BOOST_REQUIRE(got[i].made == expected[i].made);
    }
  }
}

BOOST_AUTO_TEST_CASE(FewPairsMakeASmallVocabulary) {
  const Tokenizer tokenizer = train(1000, {"abc abc"});  // ab, abc, and no pair that occurs twice
  BOOST_TEST(tokenizer.vocabulary_size() == 256 + 2 + 3);
}

BOOST_AUTO_TEST_CASE(TextsAreComposedAndSplitLikeTheOnesThatAreEncoded) {
  const Tokenizer tokenizer = train(259 + 1, {"e\u0301 e\u0301 e\u0301"});
  BOOST_TEST(tokenizer.token_text(256) == spell_bytes("\u00e9"));
  BOOST_TEST(tokenizer.encode("e\u0301") == (Ids{256}));
  // Digits stand alone: nothing to merge.
  BOOST_TEST(train(270, {"1212121212"}).vocabulary_size() == 259);
}

BOOST_AUTO_TEST_CASE(WordsTooLongForAWordTeachNothing) {
  BOOST_TEST(train(270, {std::string(513, 'a')}).vocabulary_size() == 259);
  BOOST_TEST(train(270, {std::string(512, 'a')}).vocabulary_size() > 259);
}

BOOST_AUTO_TEST_CASE(ATrainedTokenizerIsTheOneThatIsSaved) {
  const TemporaryFolder folder;
  const Tokenizer tokenizer = train(400, random_texts());
  tokenizer.save(folder / "made");
  const Tokenizer loaded = Tokenizer::load(folder / "made");
  BOOST_TEST(loaded.json() == tokenizer.json());
  BOOST_TEST(loaded.config_json() == tokenizer.config_json());
  for (const std::string& text : random_texts()) {
    BOOST_TEST_REQUIRE(loaded.encode(text) == tokenizer.encode(text));
    BOOST_TEST_REQUIRE(loaded.decode(loaded.encode(text)) == text);
  }
  const Json config = Json::parse(tokenizer.config_json());
  BOOST_TEST(config["eos_token"] == "<|im_end|>");
  BOOST_TEST(config["pad_token"] == "<|endoftext|>");
}

BOOST_AUTO_TEST_CASE(WhatCannotBeTrainedIsRefused) {
  BOOST_CHECK_EXCEPTION(TokenizerTrainer(258), Error, has("a vocabulary of 258", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(TokenizerTrainer(1 << 21), Error, has("2097152", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(train(300, {}), Error, has("no text", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(train(300, {"", ""}), Error, has("no text", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(train(300, {"a\x80"}), Error, has("byte 1", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
