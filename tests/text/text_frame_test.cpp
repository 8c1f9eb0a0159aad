// How a pair stands, against what the tokenizers library 0.23 makes of the same files: ids and
// type_ids of tokenizer.encode("ab", "c").
#include "text/text_frame.h"

#include "tests/text/fixtures.h"

using namespace arf;

namespace {

using Types = std::vector<std::int32_t>;

Tokenizer with_post_processor(const Json& processor) {
  Json json = byte_level_json({});
  json["added_tokens"] = {added_token(300, "<s>", true), added_token(301, "</s>", true)};
  json["post_processor"] = processor;
  return load_json(json);
}

FramedText pair_of(const Tokenizer& tokenizer) {
  return fill_frame(tokenizer.pair_frame(), Ids{64, 65}, Ids{66});
}

Json piece(const char* kind, const char* id, int type) {
  return {{kind, {{"id", id}, {"type_id", type}}}};
}

Json marks(const char* type) {
  return {{"type", type}, {"cls", {"<s>", 300}}, {"sep", {"</s>", 301}}};
}

Json templates(const Json& pair) {
  return {{"type", "TemplateProcessing"},
          {"single", {piece("SpecialToken", "<s>", 0), piece("Sequence", "A", 0)}},
          {"pair", pair},
          {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {300}}, {"tokens", {"<s>"}}}}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_frame_test)

BOOST_AUTO_TEST_CASE(BertsSecondTextIsOfTypeOne) {
  const Tokenizer tokenizer = with_post_processor(marks("BertProcessing"));
  const FramedText pair = pair_of(tokenizer);
  BOOST_TEST((pair.tokens == Ids{300, 64, 65, 301, 66, 301}));
  BOOST_TEST((pair.types == Types{0, 0, 0, 0, 1, 1}));
  BOOST_TEST((fill_frame(tokenizer.frame(), Ids{64}) == FramedText{{300, 64, 301}, {}}));
}

BOOST_AUTO_TEST_CASE(RobertasPairHasTwoSeparatorsAndOneType) {
  const Tokenizer tokenizer = with_post_processor(marks("RobertaProcessing"));
  BOOST_TEST((pair_of(tokenizer) == FramedText{{300, 64, 65, 301, 301, 66, 301}, {}}));
}

BOOST_AUTO_TEST_CASE(ATemplateSaysWhatStandsWhereAndOfWhichType) {
  const Json pair = {piece("SpecialToken", "<s>", 0), piece("Sequence", "A", 0),
                     piece("SpecialToken", "<s>", 1), piece("Sequence", "B", 2)};
  const Json bytes = {{"type", "ByteLevel"}};
  const Tokenizer tokenizer =
      with_post_processor({{"type", "Sequence"}, {"processors", {bytes, templates(pair)}}});
  BOOST_TEST((pair_of(tokenizer) == FramedText{{300, 64, 65, 300, 66}, {0, 0, 0, 1, 2}}));
  BOOST_TEST((fill_frame(tokenizer.frame(), Ids{64}).tokens == Ids{300, 64}));
}

BOOST_AUTO_TEST_CASE(WhereNothingSaysHowAPairStandsThereIsNoFrame) {
  BOOST_TEST(with_post_processor(nullptr).pair_frame().empty());
  BOOST_TEST((fill_frame(with_post_processor(nullptr).frame(), Ids{64}).tokens == Ids{64}));
  const Json turned = {piece("Sequence", "B", 0), piece("Sequence", "A", 0)};
  BOOST_TEST(with_post_processor(templates(turned)).pair_frame().empty());
}

BOOST_AUTO_TEST_CASE(WhatIsNoTemplateIsRefused) {
  const auto refused = [](const Json& processor, const char* words) {
    BOOST_CHECK_EXCEPTION(with_post_processor(processor), Error, has(words, ExitCode::kInput));
  };
  refused(templates(Json::array({piece("Sequence", "C", 0)})), "text `C` is neither `A` nor `B`");
  refused(templates(Json::array({piece("Sequence", "A", -1)})),
          "`type_id` of the post-processor is -1");
  refused(templates(Json::array({piece("SpecialToken", "<e>", 0)})), "`<e>` has no list `ids`");
  Json twice = templates(Json::array());
  twice["single"].push_back(piece("Sequence", "A", 0));
  refused(twice, "one with a text A once");
  refused(
      {{"type", "Sequence"}, {"processors", {marks("BertProcessing"), marks("BertProcessing")}}},
      "one part adds tokens");
}

BOOST_AUTO_TEST_SUITE_END()
