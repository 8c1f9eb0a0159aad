#include "augment/inflection.h"

#include <boost/test/unit_test.hpp>

#include "tests/augment/shared_wordnet.h"

using namespace arf;
using enum PartOfSpeech;

namespace {

const Inflector& inflector() {
  static const Inflector made(shared_wordnet());
  return made;
}

std::string form(const char* word, PartOfSpeech part, Inflection wanted) {
  const auto lemma = shared_wordnet().find(word);
  BOOST_REQUIRE_MESSAGE(lemma.has_value(), word);
  return inflector().form(*lemma, part, wanted).value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inflection_test)

BOOST_AUTO_TEST_CASE(NounsTakeTheirPlurals) {
  const std::pair<const char*, const char*> table[] = {
      {"dog", "dogs"},       {"box", "boxes"},          {"body", "bodies"},  {"boy", "boys"},
      {"child", "children"}, {"woman", "women"},        {"knife", "knives"}, {"crisis", "crises"},
      {"foot", "feet"},      {"photo", "photos"},       {"hero", "heroes"},  {"church", "churches"},
      {"mouse", "mice"},     {"policeman", "policemen"}};
  for (const auto& [base, plural] : table) {
    BOOST_TEST(form(base, kNoun, Inflection::kPlural) == plural);
  }
  BOOST_TEST(form("brother", kNoun, Inflection::kPlural) == "none");  // brethren: rather no word
}

BOOST_AUTO_TEST_CASE(VerbsTakeTheirForms) {
  struct Row {
    const char *base, *third, *past, *participle, *gerund;
  };
  const Row table[] = {{"purchase", "purchases", "purchased", "purchased", "purchasing"},
                       {"buy", "buys", "bought", "bought", "buying"},
                       {"begin", "begins", "began", "begun", "beginning"},
                       {"choose", "chooses", "chose", "chosen", "choosing"},
                       {"stop", "stops", "stopped", "stopped", "stopping"},
                       {"admit", "admits", "admitted", "admitted", "admitting"},
                       {"travel", "travels", "traveled", "traveled", "traveling"},
                       {"focus", "focuses", "focused", "focused", "focusing"},
                       {"compel", "compels", "compelled", "compelled", "compelling"},
                       {"study", "studies", "studied", "studied", "studying"},
                       {"tie", "ties", "tied", "tied", "tying"},
                       {"agree", "agrees", "agreed", "agreed", "agreeing"},
                       {"watch", "watches", "watched", "watched", "watching"},
                       {"put", "puts", "put", "put", "putting"},
                       {"learn", "learns", "learned", "learned", "learning"},
                       {"keep", "keeps", "kept", "kept", "keeping"},
                       {"rebuild", "rebuilds", "rebuilt", "rebuilt", "rebuilding"},
                       {"panic", "panics", "panicked", "panicked", "panicking"}};
  for (const Row& row : table) {
    BOOST_TEST(form(row.base, kVerb, Inflection::kThirdPerson) == row.third);
    BOOST_TEST(form(row.base, kVerb, Inflection::kPast) == row.past);
    BOOST_TEST(form(row.base, kVerb, Inflection::kParticiple) == row.participle);
    BOOST_TEST(form(row.base, kVerb, Inflection::kGerund) == row.gerund);
  }
}

BOOST_AUTO_TEST_CASE(ShortAdjectivesAreGraded) {
  BOOST_TEST(form("big", kAdjective, Inflection::kComparative) == "bigger");
  BOOST_TEST(form("large", kAdjective, Inflection::kSuperlative) == "largest");
  BOOST_TEST(form("happy", kAdjective, Inflection::kComparative) == "happier");
  BOOST_TEST(form("tall", kAdjective, Inflection::kComparative) == "taller");
  BOOST_TEST(form("enormous", kAdjective, Inflection::kSuperlative) == "none");
}

BOOST_AUTO_TEST_CASE(AFormIsToldFromItsBase) {
  const auto told = [](const char* word, const char* base, PartOfSpeech part) {
    return inflector().inflection_of(word, *shared_wordnet().find(base), part);
  };
  BOOST_TEST((told("dogs", "dog", kNoun) == Inflection::kPlural));
  BOOST_TEST((told("dog", "dog", kNoun) == Inflection::kBase));
  BOOST_TEST((told("buys", "buy", kVerb) == Inflection::kThirdPerson));
  BOOST_TEST((told("bought", "buy", kVerb) == Inflection::kPast));
  BOOST_TEST((told("gave", "give", kVerb) == Inflection::kPast));
  BOOST_TEST((told("given", "give", kVerb) == Inflection::kParticiple));
  BOOST_TEST((told("giving", "give", kVerb) == Inflection::kGerund));
  BOOST_TEST((told("bigger", "big", kAdjective) == Inflection::kComparative));
  BOOST_TEST((told("biggest", "big", kAdjective) == Inflection::kSuperlative));
}

BOOST_AUTO_TEST_CASE(ArticleFollowsTheSound) {
  for (const char* word :
       {"apple", "hour", "honest", "island", "unimportant", "umbrella", "error"}) {
    BOOST_TEST(takes_an(word), word);
  }
  for (const char* word : {"dog", "unit", "university", "useful", "one", "european", "house", ""}) {
    BOOST_TEST(!takes_an(word), word);
  }
}

BOOST_AUTO_TEST_SUITE_END()
