#include "augment/tagger.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/augment/shared_wordnet.h"

using namespace arf;

namespace {

// "n", "v", "a", "r" of the first token that is `word`; "-" where it has no clear reading.
std::string part_of(const std::string& word, const std::string& text) {
  const auto tokens = tokenize_text(text);
  const auto tagged = tag_tokens(shared_tools().word_book, text, tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (lower_case(tokens[i].of(text)) != word) continue;
    if (!tagged[i].reading || tagged[i].in_doubt) return "-";
    return std::string(1, "nvar"[static_cast<std::size_t>(tagged[i].reading->part)]);
  }
  return "absent";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tagger_test)

BOOST_AUTO_TEST_CASE(NeighboursTellNounFromVerb) {
  BOOST_TEST(part_of("answer", "She gave the answer.") == "n");
  BOOST_TEST(part_of("answer", "They will answer the question.") == "v");
  BOOST_TEST(part_of("work", "He wants to work every day.") == "v");
  BOOST_TEST(part_of("work", "The work of years is done.") == "n");
  BOOST_TEST(part_of("plants", "She plants a tree.") == "v");
  BOOST_TEST(part_of("plants", "The plants are green.") == "n");
  BOOST_TEST(part_of("play", "Children can play a game.") == "v");
  BOOST_TEST(part_of("water", "They drink water and milk.") == "n");
}

BOOST_AUTO_TEST_CASE(AdjectivesAndAdverbsAreTold) {
  BOOST_TEST(part_of("big", "It is a big dog.") == "a");
  BOOST_TEST(part_of("quickly", "He quickly ran home.") == "r");
  BOOST_TEST(part_of("beautiful", "The house is very beautiful.") == "a");
}

BOOST_AUTO_TEST_CASE(AdverbsAreLookedThrough) {
  BOOST_TEST(part_of("answer", "They will quickly answer everything.") == "v");
  BOOST_TEST(part_of("answer", "They will also answer everything.") == "v");
  BOOST_TEST(part_of("water", "They will quickly water it.") == "v");
}

BOOST_AUTO_TEST_CASE(DoubtIsTold) {
  BOOST_TEST(part_of("store", "They can sort, store and sell it.") == "-");
  BOOST_TEST(part_of("found", "We found it.") == "v");
  BOOST_TEST(part_of("bases", "The bases are sound.") == "-");  // of base, or of basis
  BOOST_TEST(part_of("hopping", "It was hopping.") == "v");
}

BOOST_AUTO_TEST_CASE(FunctionWordsHaveNoReading) {
  for (const char* word : {"can", "will", "the", "like", "well", "to", "may"}) {
    BOOST_TEST(part_of(word, "It can and will, the like, well, to may be.") == "-", word);
  }
}

BOOST_AUTO_TEST_CASE(UnknownWordsHaveNoReading) {
  BOOST_TEST(part_of("blorfing", "He was blorfing all day.") == "-");
  BOOST_TEST(part_of("42", "It is 42.") == "-");
}

BOOST_AUTO_TEST_SUITE_END()
