#include "augment/token.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace arf;

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  for (const Token& token : tokenize_text(text)) {
    if (token.kind == TokenKind::kWord) found.emplace_back(token.of(text));
  }
  return found;
}

std::string joined(std::string_view text) {
  std::string all;
  for (const std::string& word : words(text)) all += word + " ";
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(token_test)

BOOST_AUTO_TEST_CASE(PunctuationIsNoPartOfAWord) {
  BOOST_TEST(joined("Well, (big) dogs -- \u201cbark\u2026\u201d don't they?") ==
             "Well big dogs don't they ");  // a short quotation is kept
  BOOST_TEST(joined("**bold** well-known it's") == "bold well-known it's ");
  BOOST_TEST(joined("").empty());
  BOOST_TEST(joined(" \n\t ... ! ").empty());
}

BOOST_AUTO_TEST_CASE(CodeAddressesAndNumbersAreNoWords) {
  for (const char* text :
       {"http://example.org/cats", "me@example.org", "snake_case", "a=b", "3rd", "$5", "caf\u00e9",
        "and/or", "x.y", "`big dog`", "<big dog>", "#tag", "print(dog)", "50%", "\"big dog\"",
        "```\nbig dog\n```", "def big(dog):\n  return dog", "int dog = 3;", "<li>big dog</li>"}) {
    BOOST_TEST(joined(text).empty(), text << " gives " << joined(text));
  }
}

BOOST_AUTO_TEST_CASE(ProseAroundCodeStaysProse) {
  BOOST_TEST(joined("Big dogs:\n```\ncode here\n```\nbark.") == "Big dogs bark ");
  BOOST_TEST(joined("if you like dogs, buy one.") == "if you like dogs buy one ");
  BOOST_TEST(joined("for the dog") == "for the dog ");
  BOOST_TEST(joined("  indented prose") == "indented prose ");
  BOOST_TEST(joined("He said: \"this is a whole long sentence that somebody spoke\"") !=
             joined("He said:"));
}

BOOST_AUTO_TEST_CASE(SentencesBeginWhereTheyDo) {
  const std::string text = "One dog. Two Dogs\n- Three dogs\n4. Four: five";
  std::string begun;
  for (const Token& token : tokenize_text(text)) {
    if (token.starts_sentence && token.kind == TokenKind::kWord)
      begun += std::string(token.of(text)) + " ";
  }
  BOOST_TEST(begun == "One Two Three Four five ");
}

BOOST_AUTO_TEST_CASE(CapitalsAndGapsAreSeen) {
  const std::string text = "The dog, NASA iPhone";
  const auto tokens = tokenize_text(text);
  BOOST_REQUIRE(tokens.size() == 4u);
  BOOST_TEST((tokens[0].capitals == Capitals::kTitle));
  BOOST_TEST((tokens[1].capitals == Capitals::kNone));
  BOOST_TEST((tokens[2].capitals == Capitals::kUpper));
  BOOST_TEST((tokens[3].capitals == Capitals::kMixed));
  BOOST_TEST(tokens[1].gap_after);
  BOOST_TEST(tokens[2].gap_before);
  BOOST_TEST(!tokens[1].gap_before);
}

BOOST_AUTO_TEST_CASE(AnyBytesAreTakenWithoutHarm) {
  for (const std::string& text :
       {std::string("\xff\xfe dog"), std::string("\0 dog", 5), std::string(100'000, '"'),
        std::string(1'000'000, '`'), std::string(1'000'000, '<'), std::string("\xe2\x80"),
        std::string(100'000, 'a')}) {
    for (const Token& token : tokenize_text(text)) {
      BOOST_REQUIRE(token.begin < token.end);
      BOOST_REQUIRE(token.end <= text.size());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
