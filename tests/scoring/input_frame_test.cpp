#include "scoring/input_frame.h"

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

using Kind = FramePiece::Kind;
using Ids = std::vector<TokenId>;
using Types = std::vector<std::int32_t>;

FramePiece token(TokenId id, std::int32_t type = 0) { return {Kind::kToken, type, id}; }
const InputFrame kFrame{
    {token(1), {Kind::kFirst}, token(4)},
    {token(1), {Kind::kFirst}, token(2), token(3), {Kind::kSecond, 1}, token(4, 1)}};

Ids text_of(const Ids& text, std::size_t most) { return frame_text(kFrame, text, most).tokens; }
Ids pair_of(const Ids& prompt, const Ids& response, std::size_t most) {
  return frame_pair(kFrame, prompt, response, most).tokens;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(input_frame_test)

BOOST_AUTO_TEST_CASE(ATextStandsBetweenBeginAndEnd) {
  BOOST_TEST((text_of({10, 11}, 8) == Ids{1, 10, 11, 4}));
  BOOST_TEST((text_of({}, 8) == Ids{1, 4}));
}

BOOST_AUTO_TEST_CASE(ATextThatIsTooLongKeepsItsBeginning) {
  BOOST_TEST((text_of({10, 11, 12, 13, 14}, 5) == Ids{1, 10, 11, 12, 4}));
}

BOOST_AUTO_TEST_CASE(APairKeepsTheEndsOfBoth) {
  BOOST_TEST((pair_of({10, 11}, {20}, 12) == Ids{1, 10, 11, 2, 3, 20, 4}));
  // Room for four: two each.
  BOOST_TEST((pair_of({10, 11, 12, 13}, {20, 21, 22, 23}, 8) == Ids{1, 12, 13, 2, 3, 22, 23, 4}));
}

BOOST_AUTO_TEST_CASE(AShortSideLeavesItsRoomToTheOther) {
  BOOST_TEST((pair_of({10, 11, 12, 13}, {20}, 8) == Ids{1, 11, 12, 13, 2, 3, 20, 4}));
  BOOST_TEST((pair_of({10}, {20, 21, 22, 23}, 8) == Ids{1, 10, 2, 3, 21, 22, 23, 4}));
}

BOOST_AUTO_TEST_CASE(ATextsTypesGoWithItsTokensAndZerosAreLeftOut) {
  const FramedText pair = frame_pair(kFrame, Ids{10, 11}, Ids{20}, 12);
  BOOST_TEST((pair.types == Types{0, 0, 0, 0, 0, 1, 1}));
  BOOST_TEST(frame_text(kFrame, Ids{10}, 12).types.empty());
}

BOOST_AUTO_TEST_CASE(ThePostProcessorsFrameIsTakenAndFitsTheEncoder) {
  const Tokenizer bert = word_piece_tokenizer();
  const InputFrame frame = find_input_frame(bert, 2);
  const FramedText pair = frame_pair(frame, bert.encode("great"), bert.encode("that help"), 40);
  BOOST_TEST((pair.tokens == Ids{2, 5, 3, 4, 6, 3}));
  BOOST_TEST((pair.types == Types{0, 0, 0, 1, 1, 1}));
  // RoBERTa's encoders have one type.
  BOOST_TEST(frame_pair(find_input_frame(bert, 1), Ids{5}, Ids{6}, 40).types.empty());
  Json json = word_piece_json();
  json["post_processor"]["pair"][3]["Sequence"]["type_id"] = 2;
  const auto refusal = [](const Json& file, const char* words) {
    const Tokenizer tokenizer = tokenizer_of(file);
    BOOST_CHECK_EXCEPTION(find_input_frame(tokenizer, 2), Error, has(words, ExitCode::kInput));
  };
  refusal(json, "tokens of type 2, and the encoder has 2 types");
  std::swap(json["post_processor"]["pair"][1], json["post_processor"]["pair"][3]);
  refusal(json, "no text A followed by a text B");
}

BOOST_AUTO_TEST_CASE(WithoutAPostProcessorTheSpecialTokensSayHowTextsStand) {
  const Tokenizer own = small_tokenizer();
  const auto begin = *own.id_of("<|endoftext|>"), end = *own.id_of("<|im_end|>");
  const FramedText pair = frame_pair(find_input_frame(own, 2), Ids{7}, Ids{8}, 40);
  BOOST_TEST((pair.tokens == Ids{begin, 7, end, 8, end}));
  BOOST_TEST(pair.types.empty());
  Json json = word_piece_json();
  json["post_processor"] = nullptr;
  const Tokenizer bert = tokenizer_of(json);
  const FramedText again = frame_pair(find_input_frame(bert, 2), Ids{5}, Ids{6}, 40);
  BOOST_TEST((again.tokens == Ids{2, 5, 3, 6, 3}));
  BOOST_TEST((again.types == Types{0, 0, 0, 1, 1}));
}

BOOST_AUTO_TEST_SUITE_END()
