#include "text/word_model.h"

#include "tests/text/fixtures.h"

using namespace arf;

namespace {

Json metaspace(const char* scheme, bool split) {
  return {{"type", "Metaspace"},
          {"replacement", "\u2581"},
          {"prepend_scheme", scheme},
          {"split", split}};
}

Json bert_json(const Json& options = Json::object()) {
  Json normalizer = {{"type", "BertNormalizer"}};
  normalizer.update(options);
  Json vocabulary = Json::object();
  for (const char* piece : {"[UNK]", "[CLS]", "[SEP]", "un", "##believ", "##able", "hotel", "!",
                            "a", "##b", "Hotel", "\u4e2d", "##'", "'", "don", "t"})
    vocabulary[piece] = vocabulary.size();
  return {{"added_tokens", {added_token(1, "[CLS]", true), added_token(2, "[SEP]", true)}},
          {"normalizer", normalizer},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"post_processor",
           {{"type", "BertProcessing"}, {"sep", {"[SEP]", 2}}, {"cls", {"[CLS]", 1}}}},
          {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}}},
          {"model",
           {{"type", "WordPiece"},
            {"unk_token", "[UNK]"},
            {"continuing_subword_prefix", "##"},
            {"max_input_chars_per_word", 12},
            {"vocab", vocabulary}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(word_model_test)

BOOST_AUTO_TEST_CASE(ACharacterWithoutATokenBecomesItsBytes) {
  const Tokenizer tokenizer = load_json(spm_json(nullptr, llama_normalizer()));
  BOOST_TEST(spelled(tokenizer, "ab ab") == "\u2581ab \u2581ab");
  BOOST_TEST(spelled(tokenizer, "\u00e9b") == "\u2581 <0xC3> <0xA9> b");
  BOOST_TEST(tokenizer.decode(tokenizer.encode("ab \u00e9 \u4e2d\n")) == "ab \u00e9 \u4e2d\n");
  BOOST_TEST(fill_frame(tokenizer.frame(), tokenizer.encode("a")).tokens == (Ids{300, 5}));
  // A run that is no UTF-8 becomes a U+FFFD a byte, with what was whole in it.
  BOOST_TEST(tokenizer.decode(Ids{5, 10 + 0xc3, 10 + 0xa9, 10 + 0xc3}) == "a\ufffd\ufffd\ufffd");
}

// As Hugging Face's library has it, each part between added tokens is normalised by itself.
BOOST_AUTO_TEST_CASE(APrefixStandsBeforeEachPart) {
  const Tokenizer tokenizer = load_json(spm_json(nullptr, llama_normalizer()));
  BOOST_TEST(spelled(tokenizer, "ab<s>ab", true) == "\u2581ab <s> \u2581ab");
  const Tokenizer first = load_json(spm_json(metaspace("first", false), nullptr));
  BOOST_TEST(spelled(first, "ab<s>ab", true) == "\u2581ab <s> ab");
  BOOST_TEST(spelled(first, " ab") == "\u2581ab");
  const Tokenizer never = load_json(spm_json(metaspace("never", true), nullptr));
  BOOST_TEST(spelled(never, "ab ab") == "ab \u2581ab");
}

BOOST_AUTO_TEST_CASE(PiecesAreTheLongestFromTheLeft) {
  const Tokenizer tokenizer = load_json(bert_json());
  BOOST_TEST(spelled(tokenizer, "Unbelievable HOTEL!") == "un ##believ ##able hotel !");
  BOOST_TEST(spelled(tokenizer, "abx hotel") == "[UNK] hotel");
  BOOST_TEST(spelled(tokenizer, "abbbbbbbbbbb") != "[UNK]");
  BOOST_TEST(spelled(tokenizer, "abbbbbbbbbbbb") == "[UNK]");  // 13 characters
  BOOST_TEST(spelled(tokenizer, "h\u00f4tel\u0007\u4e2dhotel") == "hotel \u4e2d hotel");
  BOOST_TEST(fill_frame(tokenizer.frame(), tokenizer.encode("a")).tokens == (Ids{1, 8, 2}));
  BOOST_TEST(tokenizer.decode(tokenizer.encode("unbelievable hotel!")) == "unbelievable hotel!");
  const Tokenizer cased = load_json(bert_json({{"lowercase", false}}));
  BOOST_TEST(spelled(cased, "Hotel") == "Hotel");
  BOOST_TEST(spelled(cased, "h\u00f4tel") == "[UNK]");  // accents stay where the case does
}

BOOST_AUTO_TEST_CASE(AWholeWordAddedTokenStandsAlone) {
  Json json = byte_level_json({});
  json["added_tokens"] = {added_token(256, "cat", false)};
  json["added_tokens"][0]["single_word"] = true;
  const Tokenizer tokenizer = load_json(json);
  BOOST_TEST(spelled(tokenizer, "cat") == "cat");
  BOOST_TEST(spelled(tokenizer, "(cat)") == "( cat )");
  BOOST_TEST(spelled(tokenizer, "cats") == "c a t s");
  BOOST_TEST(spelled(tokenizer, "_cat") == "_ c a t");
}

BOOST_AUTO_TEST_CASE(WhatIsNotKnownIsRefusedByName) {
  const auto refused = [](Json json, const char* words) {
    BOOST_CHECK_EXCEPTION(load_json(json), Error, has(words, ExitCode::kInput));
  };
  Json json = spm_json(nullptr, llama_normalizer());
  json["model"]["byte_fallback"] = false;
  refused(json, "byte_fallback");
  json = spm_json(nullptr, llama_normalizer());
  json["model"]["vocab"].erase("<0x41>");
  refused(json, "<0x41>");
  json = spm_json({{"type", "UnicodeScripts"}}, nullptr);
  refused(json, "UnicodeScripts");
  json = spm_json(nullptr, {{"type", "NFKC"}});
  refused(json, "NFKC");
  json = bert_json();
  json["decoder"] = {{"type", "CTC"}};
  refused(json, "CTC");
  json = bert_json();
  json["model"]["unk_token"] = "<none>";
  refused(json, "<none>");
  json = bert_json();
  json["post_processor"]["sep"] = {"[SEP]", 77};
  refused(json, "id 77");
}

BOOST_AUTO_TEST_CASE(LongPiecesOfLongWordsTakeNoCubicTime, *boost::unit_test::timeout(10)) {
  // Each place of the word fits all but the end of the longest piece.
  const std::string run(8000, 'a');
  WordPiece::Settings settings;
  settings.most_characters = 10000;
  TextMap<TokenId> vocabulary = {{"[UNK]", 0}, {"a", 1}, {"##a", 2}, {"##" + run + "b", 3}};
  for (TokenId id = 4; id < 40; ++id) vocabulary[std::to_string(id)] = id;
  const WordPiece model(vocabulary, settings);
  std::vector<TokenId> tokens;
  model.encode(run, &tokens);
  BOOST_TEST(tokens.size() == run.size());
}

BOOST_AUTO_TEST_CASE(AWrongCountOfCharactersIsRefused) {
  Json json = {{"model",
                {{"type", "WordPiece"},
                 {"unk_token", "a"},
                 {"vocab", {{"a", 0}}},
                 {"max_input_chars_per_word", -1}}},
               {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
               {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}}}};
  BOOST_CHECK_EXCEPTION(load_json(json), Error,
                        has("`max_input_chars_per_word` is -1", ExitCode::kInput));
  json["model"]["max_input_chars_per_word"] = 257;  // every place of a word may look through it
  BOOST_CHECK_EXCEPTION(load_json(json), Error, has("is 257; it is at most 256", ExitCode::kInput));
  json["model"]["max_input_chars_per_word"] = 256;
  BOOST_CHECK_NO_THROW(load_json(json));
}

BOOST_AUTO_TEST_SUITE_END()
