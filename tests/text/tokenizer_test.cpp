#include "text/tokenizer.h"

#include <thread>

#include "core/philox.h"
#include "tests/text/fixtures.h"

using namespace arf;

namespace {

Tokenizer with_added(const std::vector<Json>& tokens) {
  Json json = byte_level_json({"a b"});
  for (const Json& token : tokens) json["added_tokens"].push_back(token);
  return load_json(json);
}

// Characters of one to four bytes, marks, spaces and controls.
std::string random_text(std::uint32_t unit) {
  static const char* const pieces[] = {"a",  "B",      " ",          "\n",
                                       "1",  "'s",     "\u00e9",     "\u0301",
                                       "\t", "\u4e2d", "\U0001F600", "<|im_end|>"};
  const RandomStream random(2, Purpose::kTest, unit);
  std::string text;
  for (std::uint32_t i = 1; i <= random.below(0, 60); ++i) text += pieces[random.below(i, 12)];
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenizer_test)

BOOST_AUTO_TEST_CASE(WhatIsEncodedDecodesToItself) {
  const Tokenizer tokenizer = with_added({added_token(257, "<|im_end|>", true)});
  for (std::uint32_t unit = 0; unit < 300; ++unit) {
    const std::string text = random_text(unit);
    BOOST_TEST_REQUIRE(tokenizer.decode(tokenizer.encode(text)) == text);
    BOOST_TEST_REQUIRE(tokenizer.decode(tokenizer.encode(text, true), true) == text);
  }
  BOOST_TEST(tokenizer.encode("").empty());
}

BOOST_AUTO_TEST_CASE(SpecialTokensAreTextUnlessAskedFor) {
  const Tokenizer tokenizer =
      with_added({added_token(257, "<|im_end|>", true), added_token(258, "<tool>", false)});
  BOOST_TEST(spelled(tokenizer, "a<|im_end|>") == "a < | i m _ e n d | >");
  BOOST_TEST(spelled(tokenizer, "a<|im_end|>b", true) == "a <|im_end|> b");
  BOOST_TEST(spelled(tokenizer, "a<tool>") == "a <tool>");  // added, but not special
  BOOST_TEST(tokenizer.decode(Ids{64, 257, 258, 65}) == "a<tool>b");
  BOOST_TEST(tokenizer.decode(Ids{64, 257, 258, 65}, true) == "a<|im_end|><tool>b");
  BOOST_TEST(tokenizer.is_special(257));
  BOOST_TEST(!tokenizer.is_special(258));
  BOOST_TEST(!tokenizer.is_special(-1));
  BOOST_TEST(!tokenizer.is_special(259));
}

BOOST_AUTO_TEST_CASE(MergesDoNotCrossAnAddedToken) {
  const Tokenizer tokenizer = with_added({added_token(257, "<x>", true)});
  BOOST_TEST(spelled(tokenizer, "ab", true) == "ab");
  BOOST_TEST(spelled(tokenizer, "a<x>b", true) == "a <x> b");
}

BOOST_AUTO_TEST_CASE(TheLongestAddedTokenIsTaken) {
  const Tokenizer tokenizer =
      with_added({added_token(257, "<x>", false), added_token(258, "<x><y>", false)});
  BOOST_TEST(spelled(tokenizer, "<x><y><x><x") == "<x><y> <x> < x");
}

BOOST_AUTO_TEST_CASE(AddedTokensTakeSpacesBesideThem) {
  Json left = added_token(257, "<l>", true), right = added_token(258, "<r>", true);
  left["lstrip"] = true;
  right["rstrip"] = true;
  const Tokenizer tokenizer = with_added({left, right});
  BOOST_TEST(tokenizer.encode("a \u3000<l> b", true) ==
             (Ids{64, 257, *tokenizer.id_of("\u0120"), 65}));
  BOOST_TEST(tokenizer.encode("a<r> \n b<r>", true) == (Ids{64, 258, 65, 258}));
}

// As the tokenizers library gives them: spaces that a token has taken may be another token, too.
BOOST_AUTO_TEST_CASE(SpacesTakenByATokenMayBeginAnother) {
  Json right = added_token(257, "<r>", false), left = added_token(258, "<l>", false);
  right["rstrip"] = true;
  left["lstrip"] = true;
  const Tokenizer tokenizer =
      with_added({right, left, added_token(259, " a", false), added_token(260, "  ", false)});
  BOOST_TEST(tokenizer.encode("<r> a") == (Ids{257, 259}));
  BOOST_TEST(spelled(tokenizer, "<r>   b") == "<r>    \u0120 b");
  BOOST_TEST(tokenizer.encode("<r>   <l>") == (Ids{257, 260, 258}));
}

BOOST_AUTO_TEST_CASE(NormalizedAddedTokensAreLookedForInComposedText) {
  Json json = byte_level_json({});
  json["normalizer"] = {{"type", "NFC"}};
  Json token = added_token(256, "e\u0301!", false);
  token["normalized"] = true;
  json["added_tokens"] = {token, added_token(257, "e\u0301?", false)};
  const Tokenizer tokenizer = load_json(json);
  BOOST_TEST(tokenizer.encode("\u00e9!") == (Ids{256}));
  BOOST_TEST(tokenizer.encode("e\u0301!") == (Ids{256}));
  BOOST_TEST(tokenizer.encode("e\u0301?") == (Ids{257}));
  BOOST_TEST(tokenizer.encode("\u00e9?").size() == 3u);
}

BOOST_AUTO_TEST_CASE(APrefixSpaceIsAddedWhereAskedFor) {
  Json json = byte_level_json({});
  json["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", true}};
  json["added_tokens"] = Json::array({added_token(256, "<x>", true)});
  const Tokenizer tokenizer = load_json(json);
  BOOST_TEST(spelled(tokenizer, "a") == "\u0120 a");
  BOOST_TEST(spelled(tokenizer, " a") == "\u0120 a");
  BOOST_TEST(spelled(tokenizer, "a<x>b", true) == "\u0120 a <x> \u0120 b");
  BOOST_TEST(tokenizer.encode("").empty());
}

BOOST_AUTO_TEST_CASE(WordsInTheVocabularyMayBeTakenWhole) {
  Json json = byte_level_json({"a b"});
  json["model"]["vocab"]["abc"] = 300;
  json["model"]["vocab"]["bye"] = 301;
  json["added_tokens"] = Json::array({added_token(301, "bye", true)});
  BOOST_TEST(spelled(load_json(json), "abc") == "ab c");
  json["model"]["ignore_merges"] = true;
  BOOST_TEST(spelled(load_json(json), "abc") == "abc");
  BOOST_TEST(spelled(load_json(json), "bye") == "b y e");  // a special token all the same
}

BOOST_AUTO_TEST_CASE(InvalidUtf8IsRefusedWithItsPlace) {
  const Tokenizer tokenizer = with_added({});
  BOOST_CHECK_EXCEPTION(tokenizer.encode("ab\xffz"), Error,
                        has("byte 2 of a text of 4 bytes is not UTF-8 (0xff)", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(TokensOfHalfACharacterDecodeToTheReplacement) {
  const Tokenizer tokenizer = with_added({});
  Ids ids = tokenizer.encode("x\U0001F600");
  BOOST_REQUIRE(ids.size() == 5u);
  ids.pop_back();
  BOOST_TEST(tokenizer.decode(ids) == "x\ufffd");
  ids.push_back(tokenizer.vocabulary_size() + 7);  // no token: no bytes
  ids.push_back(-1);
  BOOST_TEST(tokenizer.decode(ids) == "x\ufffd");
}

BOOST_AUTO_TEST_CASE(WordsThatEndInZeroBytesAreWordsOfTheirOwn) {
  const Tokenizer tokenizer = with_added({});
  for (const std::size_t zeros : {0u, 1u, 2u, 7u, 30u, 31u, 40u}) {
    const std::string text = "!" + std::string(zeros, '\0');
    BOOST_TEST(tokenizer.encode(text).size() == text.size());
    BOOST_TEST(tokenizer.encode(text.substr(1)).size() == zeros);
    BOOST_TEST(tokenizer.encode(text + " and more than thirty-two bytes behind").size() ==
               text.size() + 38);
  }
}

BOOST_AUTO_TEST_CASE(TokensAreFoundByTextAndById) {
  const Tokenizer tokenizer = with_added({added_token(300, "<x>", true)});
  BOOST_TEST(tokenizer.vocabulary_size() == 301);
  BOOST_TEST(*tokenizer.id_of("ab") == 256);
  BOOST_TEST(*tokenizer.id_of("<x>") == 300);
  BOOST_TEST(!tokenizer.id_of("abc"));
  BOOST_TEST(tokenizer.token_text(300) == "<x>");
  BOOST_CHECK_EXCEPTION(tokenizer.token_text(257), Error, has("id 257", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(tokenizer.token_text(301), Error, has("end at 300", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ASavedTokenizerIsTheSameFiles) {
  const TemporaryFolder folder;
  write(folder / "tokenizer.json", byte_level_json({"a b"}).dump(1));
  write(folder / "tokenizer_config.json", "{\"chat_template\": \"from the config\"}");
  const Tokenizer plain = Tokenizer::load(folder / "tokenizer.json");
  BOOST_TEST(plain.chat_template() == "from the config");
  write(folder / "chat_template.jinja", "from the file");
  Tokenizer::load(folder.path()).save(folder / "copy");
  const Tokenizer copy = Tokenizer::load(folder / "copy");
  BOOST_TEST(copy.json() == plain.json());
  BOOST_TEST(copy.config_json() == plain.config_json());
  BOOST_TEST(copy.chat_template() == "from the file");
}

BOOST_AUTO_TEST_CASE(AChatTemplateThatIsNotUtf8IsNamed) {
  const TemporaryFolder folder;
  write(folder / "tokenizer.json", byte_level_json({"a b"}).dump(1));
  write(folder / "chat_template.jinja", "<|im_start|>system\ncaf\xe9<|im_end|>");
  BOOST_CHECK_EXCEPTION(
      Tokenizer::load(folder.path()), Error,
      has("chat_template.jinja: byte 22 of 33 is not UTF-8 (0xe9)", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ThreadsShareATokenizer) {
  const Tokenizer tokenizer = with_added({added_token(257, "<|im_end|>", true)});
  std::vector<Ids> alone(200), together(200);
  for (std::uint32_t i = 0; i < 200; ++i) alone[i] = tokenizer.encode(random_text(i), true);
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t i = t; i < 200; i += 4)
        together[i] = tokenizer.encode(random_text(i), true);
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST((alone == together));
}

// transformers would add them, or change them, and encode otherwise.
BOOST_AUTO_TEST_CASE(TokensOfOtherFilesMustBeAddedTokensOfTokenizerJson) {
  Json json = byte_level_json({"a b"});
  json["added_tokens"] = Json::array({added_token(257, "<x>", true)});
  const auto load = [&](const char* config, const char* map = "", const char* list = "") {
    const TemporaryFolder folder;
    write(folder / "tokenizer.json", json.dump());
    if (*config) write(folder / "tokenizer_config.json", config);
    if (*map) write(folder / "special_tokens_map.json", map);
    if (*list) write(folder / "added_tokens.json", list);
    return Tokenizer::load(folder.path());
  };
  load(R"({"added_tokens_decoder": {"257": {"content": "<x>", "special": true}}, "pad_token": null,
           "additional_special_tokens": ["<x>", {"content": "<x>"}], "eos_token": {"content": "<x>"},
           "extra_special_tokens": {"image_token": "<x>"}, "add_bos_token": true, "sep_token": ""})",
       R"({"pad_token": "<y>"})", R"({"<y>": 258})");  // not looked at beside that configuration
  load("", R"({"pad_token": "<x>"})", R"({"<x>": 257})");
  const auto refuses = [&](const char* words, auto... files) {
    BOOST_CHECK_EXCEPTION(load(files...), Error, has(words, ExitCode::kInput));
  };
  const char* const other = "not among the added tokens of tokenizer.json";
  refuses(other, R"({"added_tokens_decoder": {"258": {"content": "<y>"}}})");
  refuses(other, R"({"added_tokens_decoder": {"256": {"content": "ab"}}})");
  refuses(other, R"({"additional_special_tokens": ["<x>", "<y>"]})");
  refuses(other, R"({"extra_special_tokens": ["<y>"]})");
  refuses(other, R"({"extra_special_tokens": {"image_token": "<y>"}})");
  refuses(other, R"({"pad_token": "[PAD]"})");
  refuses(other, R"({"eos_token": {"content": "<y>", "lstrip": false}})");
  refuses("special_tokens_map.json: `pad_token` has the token \"<y>\"", "",
          R"({"pad_token": "<y>"})");
  refuses("tokenizer_config.json: `bos_token` is of type number; it takes a token or null",
          R"({"bos_token": 5})");
  refuses("`eos_token` is of type array", R"({"eos_token": ["<x>"]})");
  refuses("`additional_special_tokens` is of type string; it takes a list of tokens",
          R"({"additional_special_tokens": "<x>"})");
  refuses("special_tokens_map.json: `pad_token` is of type number", "", R"({"pad_token": 1})");
  refuses("added_tokens.json: has the token \"<y>\"", "", "", R"({"<y>": 258})");
  for (const char* flag : {"lstrip", "rstrip", "single_word", "normalized"}) {
    const std::string config = fmt::format(
        R"({{"added_tokens_decoder": {{"257": {{"content": "<x>", "special": true, "{}": true}}}}}})",
        flag);
    refuses("with other flags", config.c_str());
  }
  refuses("with other flags", R"({"added_tokens_decoder": {"257": {"content": "<x>"}}})");
}

BOOST_AUTO_TEST_SUITE_END()
