#include "text/streamed_text.h"

#include "core/philox.h"
#include "core/utf8.h"
#include "tests/text/fixtures.h"

using namespace arf;

namespace {

const char* const kText = "ab  a \u00e9\u4f60\u597d \U0001F600\ufffd ab\nc";

// The text after each token, each checked to continue the one before, and at last after finish().
std::vector<std::string> stream(const Tokenizer& tokenizer, const Ids& ids) {
  StreamedText streamed(tokenizer);
  std::vector<std::string> texts;
  const auto look = [&] {
    const std::string& text = streamed.text();
    BOOST_TEST_REQUIRE(first_invalid_utf8(text) == text.size());
    BOOST_TEST_REQUIRE(text.starts_with(texts.empty() ? "" : texts.back()));
    texts.push_back(text);
  };
  for (const TokenId id : ids) {
    streamed.append(id);
    look();
  }
  streamed.finish();
  look();
  return texts;
}

Ids random_ids(const Tokenizer& tokenizer, std::uint64_t unit) {
  const RandomStream random(3, Purpose::kTest, unit);
  Ids ids;
  for (std::uint32_t i = 1; i <= random.below(0, 40); ++i) {
    ids.push_back(static_cast<TokenId>(random.below(i, tokenizer.vocabulary_size())));
  }
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(streamed_text_test)

BOOST_AUTO_TEST_CASE(TheTextOfAStreamIsTheTextOfAllTokens) {
  Json bytes = byte_level_json({"a b"});
  bytes["added_tokens"] = Json::array({added_token(257, "<end>", true)});
  for (const Json& json : {bytes, spm_json(nullptr, llama_normalizer())}) {
    const Tokenizer tokenizer = load_json(json);
    Ids ids = tokenizer.encode(kText);
    BOOST_TEST(stream(tokenizer, ids).back() == tokenizer.decode(ids));
    ids.pop_back();
    ids.insert(ids.begin(), *tokenizer.id_of(json == bytes ? "<end>" : "<s>"));
    BOOST_TEST(stream(tokenizer, ids).back() == tokenizer.decode(ids));
  }
}

BOOST_AUTO_TEST_CASE(ACharacterComesWhole) {
  const Tokenizer tokenizer = load_json(byte_level_json({}));
  const std::vector<std::string> expected = {"x", "x", "x", "x", "x\U0001F600", "x\U0001F600"};
  BOOST_TEST(stream(tokenizer, tokenizer.encode("x\U0001F600")) == expected,
             boost::test_tools::per_element());
  Ids half = tokenizer.encode("x\U0001F600");
  half.resize(3);
  BOOST_TEST(stream(tokenizer, half).back() == "x\ufffd");
}

// A model's vocabulary is padded, and what is drawn may be no token: nothing of its neighbours is
// lost, such as the space that a decoder strips from a text's beginning.
BOOST_AUTO_TEST_CASE(IdsWithoutATokenAreNoText) {
  const Tokenizer tokenizer = load_json(spm_json(nullptr, llama_normalizer()));
  const TokenId word = *tokenizer.id_of("\u2581ab"), gap = 7, behind = 9999;
  for (const Ids& ids : {Ids{word, gap, word}, {gap, word, behind, word}, {word, -1, word, gap}}) {
    BOOST_TEST(stream(tokenizer, ids).back() == "ab ab");
    BOOST_TEST(tokenizer.decode(ids) == "ab ab");
  }
}

BOOST_AUTO_TEST_CASE(BytesThatAreNoTextAreReplaced) {
  const Tokenizer byte_level = load_json(byte_level_json({"a b"}));
  const Tokenizer fallback = load_json(spm_json(nullptr, llama_normalizer()));
  for (std::uint64_t unit = 0; unit < 500; ++unit) {
    const Ids ids = random_ids(byte_level, unit);
    BOOST_TEST_REQUIRE(stream(byte_level, ids).back() == byte_level.decode(ids));
    stream(fallback, random_ids(fallback, unit));
  }
}

BOOST_AUTO_TEST_SUITE_END()
