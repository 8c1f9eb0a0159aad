#include "text/split.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace arf;

namespace {

// The words of a text, with | between them.
std::string words(std::string_view pattern, std::string_view text) {
  const NextWord next = find_split(pattern);
  BOOST_REQUIRE(next);
  std::string line;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = next(text, begin);
    BOOST_REQUIRE(end > begin && end <= text.size());
    line += (begin == 0 ? "" : "|") + std::string(text.substr(begin, end - begin));
    begin = end;
  }
  return line;
}
std::string qwen2(std::string_view text) { return words(kQwen2Pattern, text); }
std::string gpt2(std::string_view text) { return words(kGpt2Pattern, text); }

}  // namespace

BOOST_AUTO_TEST_SUITE(split_test)

BOOST_AUTO_TEST_CASE(WordsTakeOneCharacterBeforeThem) {
  BOOST_TEST(qwen2("Hello world") == "Hello| world");
  BOOST_TEST(qwen2("(yes) no-one\tand") == "(yes|)| no|-one|\tand");
  BOOST_TEST(gpt2("(yes) no-one\tand") == "(|yes|)| no|-|one|\t|and");
}

BOOST_AUTO_TEST_CASE(NumbersHaveOneThreeOrAllDigits) {
  BOOST_TEST(qwen2("a 1234") == "a| |1|2|3|4");
  BOOST_TEST(words(kLlama3Pattern, "a 1234567") == "a| |123|456|7");
  BOOST_TEST(gpt2("a 1234") == "a| 1234");
}

BOOST_AUTO_TEST_CASE(LettersAndNumbersAreUnicodes) {
  BOOST_TEST(qwen2("\u00c4pfel \u043d\u0435 \u4e2d\u6587") ==
             "\u00c4pfel| \u043d\u0435| \u4e2d\u6587");
  BOOST_TEST(qwen2("4\u00bd\u0663") == "4|\u00bd|\u0663");  // No and Nd
  BOOST_TEST(qwen2("e\u0301a") == "e|\u0301a");             // a mark is no letter
  BOOST_TEST(gpt2("e\u0301a") == "e|\u0301|a");
  BOOST_TEST(gpt2("x \U0001F600\U0001F600") == "x| \U0001F600\U0001F600");
}

BOOST_AUTO_TEST_CASE(CharactersNewerThanUnicode16AreNoLetters) {
  BOOST_TEST(gpt2("a\U00010940") == "a|\U00010940");  // Sidetic, of Unicode 17
  BOOST_TEST(gpt2("a\U00010D4A") == "a\U00010D4A");   // Garay, of Unicode 16
  BOOST_TEST(gpt2("a\U00011F04") == "a\U00011F04");   // Kawi, of Unicode 15
}

BOOST_AUTO_TEST_CASE(ContractionsStandAlone) {
  BOOST_TEST(qwen2("I'm we'RE it'sx 'tis") == "I|'m| we|'RE| it|'s|x| '|tis");
  BOOST_TEST(gpt2("I'm we'RE it'sx") == "I|'m| we|'|RE| it|'s|x");
  BOOST_TEST(qwen2("a'lb'v'") == "a|'lb|'v|'");
  BOOST_TEST(qwen2("a'\u017fb") == "a|'\u017f|b");  // the long s is an s of another case
  BOOST_TEST(gpt2("a'\u017fb") == "a|'|\u017fb");
}

BOOST_AUTO_TEST_CASE(TheLastSpaceGoesWithTheNextWord) {
  BOOST_TEST(qwen2("a   b") == "a|  | b");
  BOOST_TEST(qwen2("a   ") == "a|   ");
  BOOST_TEST(qwen2("a  1") == "a| | |1");
  BOOST_TEST(gpt2("a  1") == "a| | 1");
  BOOST_TEST(gpt2("a \n b") == "a| \n| b");
}

BOOST_AUTO_TEST_CASE(LineBreaksEndSpacesAndPunctuation) {
  BOOST_TEST(qwen2("a \n\n b") == "a| \n\n| b");
  BOOST_TEST(qwen2("a \n \n  b") == "a| \n \n| | b");
  BOOST_TEST(qwen2("a!\r\n\nb") == "a|!\r\n\n|b");
  BOOST_TEST(qwen2("a !?\n b") == "a| !?\n| b");
  BOOST_TEST(gpt2("a!\n\nb") == "a|!|\n|\n|b");
}

BOOST_AUTO_TEST_CASE(SpacesAreUnicodesToo) {
  BOOST_TEST(qwen2("a\u3000b\u00a0\u2003c") == "a|\u3000b|\u00a0|\u2003c");
  BOOST_TEST(gpt2("a\u3000b") == "a|\u3000|b");
  BOOST_TEST(gpt2("a\u180eb") == "a|\u180e|b");  // no space any more: as punctuation
  BOOST_TEST(gpt2("a \u180eb") == "a| \u180e|b");
  BOOST_TEST(gpt2("a \u2028b") == "a| |\u2028|b");
}

BOOST_AUTO_TEST_CASE(OtherPatternsHaveNoScanner) {
  BOOST_TEST(!find_split("\\s+"));
  BOOST_TEST(!find_split(std::string(kQwen2Pattern) + " "));
}

BOOST_AUTO_TEST_SUITE_END()
