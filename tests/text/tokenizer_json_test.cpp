// What is refused in a tokenizer.json, and how.
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
                        has("tokenizer_config.json: is no JSON object", ExitCode::kInput));
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

BOOST_AUTO_TEST_SUITE_END()
