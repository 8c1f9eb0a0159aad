#include "augment/thesaurus.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "augment/word_lists.h"
#include "tests/augment/shared_wordnet.h"

using namespace arf;
using enum PartOfSpeech;

namespace {

std::set<std::string> synonyms(const char* word, PartOfSpeech part) {
  std::set<std::string> found;
  for (const WordNet::Lemma lemma :
       shared_tools().thesaurus.synonyms(*shared_wordnet().find(word), part)) {
    found.emplace(shared_wordnet().text(lemma));
  }
  return found;
}

bool share_a_synset(WordNet::Lemma a, WordNet::Lemma b, PartOfSpeech part) {
  for (const auto& sense : shared_wordnet().senses(a, part)) {
    for (const auto& member : shared_wordnet().members(sense.synset)) {
      if (member.lemma == b) return true;
    }
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(thesaurus_test)

BOOST_AUTO_TEST_CASE(MainSensesGiveSynonyms) {
  BOOST_TEST(synonyms("purchase", kVerb) == std::set<std::string>{"buy"});
  BOOST_TEST(synonyms("big", kAdjective) == std::set<std::string>{"large"});
  BOOST_TEST(synonyms("car", kNoun).contains("automobile"));
  BOOST_TEST(synonyms("quickly", kAdverb) == std::set<std::string>{"rapidly"});
}

BOOST_AUTO_TEST_CASE(RareOddAndPhrasalSynonymsAreLeftOut) {
  BOOST_TEST(!synonyms("car", kNoun).contains("motorcar"));   // much rarer
  BOOST_TEST(!synonyms("person", kNoun).contains("mortal"));  // odd
  BOOST_TEST(!synonyms("quickly", kAdverb).contains("speedily"));
  BOOST_TEST(synonyms("make", kVerb).empty());                    // a light verb
  BOOST_TEST(synonyms("analyze", kVerb).count("analyse") == 0u);  // a spelling
  for (const auto* word : {"bank", "run", "server", "line"}) {
    BOOST_TEST(synonyms(word, kNoun).empty(), word);
  }
}

// Every synonym, whatever rule let it in, is one of WordNet's or stands in the list of those that
// mean the same although WordNet has them apart; nothing stands there without need.
BOOST_AUTO_TEST_CASE(AllSynonymsAreWordNetsOrNearOnes) {
  std::set<std::pair<WordNet::Lemma, WordNet::Lemma>> near;
  for (const ConfirmedSynonyms& entry : confirmed_synonyms()) {
    const WordNet::Lemma word = *shared_wordnet().find(entry.word);
    for (std::string_view list = entry.near; !list.empty();) {
      const WordNet::Lemma synonym = *shared_wordnet().find(take_word(&list));
      BOOST_TEST(!share_a_synset(word, synonym, entry.part), entry.word);
      near.emplace(word, synonym);
    }
  }
  std::size_t checked = 0;
  for (WordNet::Lemma lemma = 0; lemma < shared_wordnet().num_lemmas(); ++lemma) {
    for (const PartOfSpeech part : {kNoun, kVerb, kAdjective, kAdverb}) {
      for (const WordNet::Lemma synonym : shared_tools().thesaurus.synonyms(lemma, part)) {
        ++checked;
        BOOST_REQUIRE_MESSAGE(
            share_a_synset(lemma, synonym, part) || near.contains({lemma, synonym}),
            shared_wordnet().text(lemma) << " and " << shared_wordnet().text(synonym));
        BOOST_REQUIRE(shared_wordnet().text(synonym).find('_') == std::string_view::npos);
      }
    }
  }
  BOOST_TEST(checked > 3000u);
}

BOOST_AUTO_TEST_CASE(ConfirmedSynonymsAreAllFound) {
  for (const ConfirmedSynonyms& entry : confirmed_synonyms()) {
    const std::string all = std::string(entry.synonyms) + ' ' + std::string(entry.near);
    std::istringstream list(all);
    const auto words =
        static_cast<std::size_t>(std::distance(std::istream_iterator<std::string>(list), {}));
    BOOST_TEST(synonyms(std::string(entry.word).c_str(), entry.part).size() == words, entry.word);
  }
}

BOOST_AUTO_TEST_CASE(PhrasesAreKnownByTheirFirstWords) {
  BOOST_TEST(shared_tools().thesaurus.begins_phrase("ice"));
  BOOST_TEST(shared_tools().thesaurus.begins_phrase("carry"));
  BOOST_TEST(!shared_tools().thesaurus.begins_phrase("unparalleled"));
}

BOOST_AUTO_TEST_SUITE_END()
