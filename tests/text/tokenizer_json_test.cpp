// What is refused in a tokenizer.json, and how.
#include <zlib.h>

#include "tests/text/fixtures.h"

using namespace arf;

namespace {

const Json kByteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}};

// Loading the changed file is an input error that names the file and holds `words`.
void check_refused(const std::string& pointer, const Json& value, const std::string& words) {
  Json json = byte_level_json({"a b", "ab c"});
  json[Json::json_pointer(pointer)] = value;
  BOOST_CHECK_EXCEPTION(load_json(json), Error, has(words, ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(load_json(json), Error, has("tokenizer.json: ", ExitCode::kInput));
}
void check_loads(const std::string& pointer, const Json& value) {
  Json json = byte_level_json({"a b", "ab c"});
  json[Json::json_pointer(pointer)] = value;
  BOOST_CHECK_NO_THROW(load_json(json));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenizer_json_test)

BOOST_AUTO_TEST_CASE(BrokenJsonIsRefused) {
  const std::string whole = byte_level_json({}).dump();
  BOOST_CHECK_EXCEPTION(load_text(whole.substr(0, whole.size() / 2)), Error,
                        has("is not valid JSON", ExitCode::kInput));
  for (const char* text : {"[]", "{}", "3", "{\"model\": []}"})
    BOOST_CHECK_EXCEPTION(load_text(text), Error, has("no object `model`", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(load_text(""), Error, has("is not valid JSON", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(MissingAndDamagedFilesAreRefused) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(Tokenizer::load(folder.path()), Error,
                        has("has no tokenizer.json", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(Tokenizer::load(folder / "no.json"), Error,
                        has("cannot be opened", ExitCode::kInput));
  write(folder / "tokenizer.json.gz", "no gzip");
  BOOST_CHECK_EXCEPTION(Tokenizer::load(folder.path()), Error, has("gzip", ExitCode::kInput));
  write(folder / "tokenizer.json", byte_level_json({}).dump());
  write(folder / "tokenizer_config.json", "{\"chat_template");
  BOOST_CHECK_EXCEPTION(Tokenizer::load(folder.path()), Error,
                        has("tokenizer_config.json: is not valid JSON", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(UnknownComponentsAreRefusedByName) {
  check_refused("/normalizer", {{"type", "Lowercase"}}, "the normalizer `Lowercase`");
  check_refused("/pre_tokenizer", nullptr, "the decoder `ByteLevel`");
  check_refused("/pre_tokenizer", {{"type", "Metaspace"}}, "`replacement` is null");
  check_refused("/pre_tokenizer", {{"type", "Punctuation"}}, "the pre_tokenizer `Punctuation`");
  check_refused("/pre_tokenizer/pretokenizers/0/type", "Digits", "Digits");
  check_refused("/pre_tokenizer/pretokenizers/0/pattern/Regex", "\\s+", "the split pattern `\\s+`");
  check_refused("/pre_tokenizer/pretokenizers/0/behavior", "Removed", "Removed");
  check_refused("/pre_tokenizer/pretokenizers/0/invert", true, "not inverted");
  check_refused("/pre_tokenizer/pretokenizers/1/use_regex", true, "ByteLevel behind a Split");
  check_refused("/post_processor", {{"type", "Odd"}}, "the post_processor `Odd`");
  check_refused("/decoder", {{"type", "WordPiece"}}, "the decoder `WordPiece`");
  check_refused("/decoder", nullptr, "the decoder `none`");
  check_refused("/model/type", "WordPiece", "the model `WordPiece behind ByteLevel`");
  check_refused("/model/type", "Unigram", "the model `Unigram`");
}

BOOST_AUTO_TEST_CASE(UnknownOptionsAreRefusedByName) {
  check_refused("/model/byte_fallback", true, "byte_fallback");
  check_refused("/model/dropout", 0.1, "dropout");
  check_refused("/model/continuing_subword_prefix", "##", "continuing_subword_prefix");
  check_refused("/model/end_of_word_suffix", "</w>", "end_of_word_suffix");
  check_refused("/model/ignore_merges", 3, "`ignore_merges` is 3");
  Json token = added_token(300, "<x>", true);
  token["single_word"] = 3;
  check_refused("/added_tokens", Json::array({token}), "`single_word` is 3");
}

BOOST_AUTO_TEST_CASE(ComponentsOfTheKnownKindsLoad) {
  check_loads("/normalizer", {{"type", "Sequence"}, {"normalizers", {{{"type", "NFC"}}}}});
  check_loads("/pre_tokenizer", kByteLevel);
  check_loads("/pre_tokenizer/pretokenizers/0/pattern/Regex", kLlama3Pattern);
  check_loads("/pre_tokenizer/pretokenizers/0/pattern/Regex", kGpt2Pattern);
  check_loads("/post_processor", kByteLevel);
  check_loads("/post_processor",
              {{"type", "RobertaProcessing"}, {"sep", {"b", 65}}, {"cls", {"a", 64}}});
  check_refused("/post_processor", {{"type", "RobertaProcessing"}}, "not a pair of text and id");
  check_loads("/post_processor", {{"type", "Sequence"},
                                  {"processors", {kByteLevel, {{"type", "TemplateProcessing"}}}}});
  check_loads("/model/dropout", 0.0);
  check_loads("/model/merges", Json::parse("[[\"a\", \"b\"], [\"ab\", \"c\"]]"));
  check_loads("/added_tokens", nullptr);
}

BOOST_AUTO_TEST_CASE(IdsMustBeTheirTokensOwn) {
  check_refused("/model/vocab/ab", -1, "token `ab` has the id -1");
  check_refused("/model/vocab/ab", 1.5, "token `ab` has the id 1.5");
  check_refused("/model/vocab/ab", "7", "token `ab` has the id \"7\"");
  check_refused("/model/vocab/ab", 1ll << 40, "1099511627776");
  check_refused("/model/vocab/ab", 64, "tokens `a` and `ab` both have the id 64");
  check_refused("/model/vocab/", 400, "a token without characters");
  check_refused("/added_tokens", Json::array({added_token(64, "<x>", true)}),
                "both have the id 64");
  check_refused("/added_tokens", Json::array({added_token(400, "ab", false)}),
                "token `ab` has two ids");
  check_refused("/added_tokens", Json::array({added_token(-2, "<x>", true)}),
                "token `<x>` has the id -2");
  check_refused("/added_tokens", Json::array({added_token(400, "", true)}), "no text `content`");
}

BOOST_AUTO_TEST_CASE(MergesMustBeOfTokensThatExist) {
  check_refused("/model/merges/1", "ab x y", "merge 2 is \"ab x y\", not two tokens");
  check_refused("/model/merges/1", "abc", "merge 2 is \"abc\"");
  check_refused("/model/merges/1", 7, "merge 2 is 7");
  check_refused("/model/merges/1", {"a"}, "merge 2 is [\"a\"]");
  check_refused("/model/merges/1", "ab\u4e2d x", "merge 2 needs the token `ab\u4e2d`");
  check_refused("/model/merges/1", "ab d", "merge 2 needs the token `abd`");
  check_refused("/model/merges", nullptr, "no list `model.merges`");
}

BOOST_AUTO_TEST_CASE(NoMergeMayMakeASpecialToken) {
  check_refused("/added_tokens", Json::array({added_token(257, "abc", true)}),
                "makes the special token `abc`");
  check_loads("/added_tokens", Json::array({added_token(257, "abc", false)}));
}

BOOST_AUTO_TEST_CASE(EveryByteNeedsAToken) {
  Json json = byte_level_json({});
  json["model"]["vocab"].erase("\u0120");
  BOOST_CHECK_EXCEPTION(load_json(json), Error,
                        has("byte 0x20 has no token `\u0120`", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(AValueNestedTooDeepIsRefused) {
  const std::string deep(100000, '[');
  BOOST_CHECK_EXCEPTION(load_text("{\"model\":{},\"normalizer\":" + deep), Error,
                        has("nested deeper", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(IdsFarAboveTheNumberOfTokensAreRefused) {
  // Tables are by id: this one would take a quarter of a gigabyte.
  check_refused("/model/vocab/far", 4194303, "token `far` has the id 4194303");
  check_refused("/added_tokens", Json::array({added_token(4194303, "<far>", true)}),
                "`<far>` has the id 4194303");
  check_loads("/model/vocab/near", 60000);
}

BOOST_AUTO_TEST_CASE(StepsThatGrowATextExponentiallyAreRefused) {
  Json doubling = Json::array();
  for (int i = 0; i < 40; ++i) {
    doubling.push_back({{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "aa"}});
  }
  check_refused("/normalizer", {{"type", "Sequence"}, {"normalizers", doubling}},
                "more than 36 times longer");
  check_refused("/normalizer", {{"type", "Prepend"}, {"prepend", std::string(1000, 'a')}},
                "more than 36 times longer");
  Json json = byte_level_json({});
  json["pre_tokenizer"] = nullptr;
  json["decoder"] = {{"type", "Sequence"}, {"decoders", doubling}};
  BOOST_CHECK_EXCEPTION(load_json(json), Error, has("more than 16 times", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(MoreStepsThanAnyTokenizerHasAreRefused) {
  const Json same = {{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "a"}};
  const auto steps = [&](std::size_t count) { return Json(count, same); };
  const auto normalizer = [&](std::size_t count) {
    return Json{{"type", "Sequence"}, {"normalizers", steps(count)}};
  };
  check_loads("/normalizer", normalizer(64));
  check_refused("/normalizer", normalizer(65), "more than 64 steps");
  check_refused("/normalizer", normalizer(2000), "more than 64 steps");
  Json json = byte_level_json({});
  json["pre_tokenizer"] = nullptr;
  json["decoder"] = {{"type", "Sequence"}, {"decoders", steps(65)}};
  BOOST_CHECK_EXCEPTION(load_json(json), Error, has("more than 64 steps", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(PatternsHaveAFewHundredBytes) {
  const auto replace = [](std::size_t size) {
    return Json{
        {"type", "Replace"}, {"pattern", {{"String", std::string(size, 'a')}}}, {"content", "a"}};
  };
  const auto split = [](std::size_t size) {
    return Json{{"type", "Split"},
                {"pattern", {{"String", std::string(size, 'a')}}},
                {"behavior", "MergedWithPrevious"},
                {"invert", false}};
  };
  check_loads("/normalizer", replace(512));
  check_refused("/normalizer", replace(513), "a pattern of 513 bytes");
  check_refused("/pre_tokenizer", split(513), "a pattern of 513 bytes");
}

BOOST_AUTO_TEST_CASE(ATextThatANormalizerMakesFarLongerIsRefused) {
  Json json = byte_level_json({});
  json["normalizer"] = {{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "bbbbb"}};
  const Tokenizer tokenizer = load_json(json);
  BOOST_TEST(tokenizer.encode("a few a's").size() > 9u);
  BOOST_CHECK_EXCEPTION(
      tokenizer.encode(std::string(2000, 'a')), Error,
      has("normalizer makes more than 9024 bytes of a text of 2000", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(AnAddedTokenHasAFewHundredBytes) {
  check_loads("/added_tokens", Json::array({added_token(1000, std::string(512, 'x'), false)}));
  check_refused("/added_tokens", Json::array({added_token(1000, std::string(513, 'x'), false)}),
                "an added token has 513 bytes");
}

BOOST_AUTO_TEST_CASE(AWordWithIgnoredMergesIsTheTokenThatSpellsIt) {
  // "\u0120" spells a space; a token of a space itself is no word of any text.
  Json json = byte_level_json({});
  json["model"]["ignore_merges"] = true;
  json["model"]["vocab"]["\u0120q"] = 1000;
  json["model"]["vocab"][" q"] = 1001;
  BOOST_TEST(load_json(json).encode(" q") == std::vector<TokenId>{1000});
  json["model"]["vocab"].erase("\u0120q");
  BOOST_TEST(load_json(json).encode(" q").size() == 2u);
}

BOOST_AUTO_TEST_CASE(AMarkOfMetaspaceIsOneCharacter) {
  for (const char* mark : {"", "ab"}) {  // replacing the empty one would never end
    const Json metaspace = {{"type", "Metaspace"}, {"replacement", mark}};
    check_refused("/pre_tokenizer", metaspace, "not one character");
    Json json = byte_level_json({});
    json["pre_tokenizer"] = nullptr;
    json["decoder"] = metaspace;
    BOOST_CHECK_EXCEPTION(load_json(json), Error, has("not one character", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(IdsOfThePostProcessorThatAreNoneAreRefused) {
  // 2^32 + 97 is no other spelling of 97.
  for (const char* id : {"4294967393", "-1", "1.5", "18446744073709551615"}) {
    const Json value = Json::parse(id);
    check_refused("/post_processor",
                  {{"type", "BertProcessing"}, {"cls", {"a", value}}, {"sep", {"b", 66}}}, id);
    check_refused("/post_processor",
                  {{"type", "TemplateProcessing"},
                   {"single", {{{"SpecialToken", {{"id", "a"}}}}}},
                   {"special_tokens", {{"a", {{"ids", {value}}}}}}},
                  id);
  }
}

BOOST_AUTO_TEST_CASE(AGzipFileThatHoldsAThousandTimesItsSizeIsRefused) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "tokenizer.json.gz";
  const std::string spaces(1 << 20, ' ');
  const gzFile file = gzopen(path.c_str(), "wb1");
  for (int i = 0; i < 24; ++i) gzwrite(file, spaces.data(), static_cast<unsigned>(spaces.size()));
  gzclose(file);
  BOOST_CHECK_EXCEPTION(Tokenizer::load(folder.path()), Error,
                        has("no tokenizer packs so well", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
