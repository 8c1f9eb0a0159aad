// The reader on Debian's real files: they are a dependency, so that their absence is a failure.
#include "data_io/wordnet.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <string>

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

const WordNet& wordnet() {
  static const WordNet loaded;
  return loaded;
}

std::set<std::string> bases(const std::string& form, PartOfSpeech part) {
  std::set<std::string> found;
  for (const WordNet::Lemma lemma : wordnet().bases(form, part)) {
    found.emplace(wordnet().text(lemma));
  }
  return found;
}

std::set<std::string> first_synset(const std::string& word, PartOfSpeech part) {
  std::set<std::string> words;
  const auto lemma = wordnet().find(word);
  BOOST_REQUIRE(lemma.has_value());
  for (const auto& member : wordnet().members(wordnet().senses(*lemma, part)[0].synset)) {
    words.emplace(wordnet().text(member.lemma));
  }
  return words;
}

using Words = std::set<std::string>;

// A copy of the real files in which one is changed.
void copy_with(const TemporaryFolder& folder, const std::string& file,
               const std::function<void(std::string&)>& change) {
  for (const auto& entry : fs::directory_iterator(WordNet::kDirectory)) {
    const fs::path copy = folder / entry.path().filename().string();
    fs::remove(copy);
    if (entry.path().filename() == file) {
      std::string bytes = read_file(entry.path());
      change(bytes);
      write_file_atomically(copy, bytes);
    } else {
      fs::create_symlink(entry.path(), copy);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wordnet_test)

BOOST_AUTO_TEST_CASE(WholeWordNetIsRead) {
  BOOST_TEST(wordnet().num_lemmas() == 147306u);  // of wnstats(7): 155,287 words less homographs
  BOOST_TEST(!wordnet().find("no such word").has_value());
  BOOST_TEST(!wordnet().find("").has_value());
  BOOST_TEST(wordnet().find("ice_cream").has_value());
}

BOOST_AUTO_TEST_CASE(SensesStandByFrequencyWithTheirCounts) {
  const auto dog = wordnet().find("dog");
  BOOST_REQUIRE(dog.has_value());
  const auto nouns = wordnet().senses(*dog, PartOfSpeech::kNoun);
  BOOST_TEST(nouns.size() == 7u);
  BOOST_TEST(nouns[0].count == 42u);
  BOOST_TEST(wordnet().senses(*dog, PartOfSpeech::kVerb).size() == 1u);
  BOOST_TEST(wordnet().senses(*dog, PartOfSpeech::kAdverb).empty());
  BOOST_TEST(wordnet().count(*dog, PartOfSpeech::kNoun) >= nouns[0].count);
  BOOST_TEST(wordnet().category(nouns[0].synset) == 5);  // noun.animal
}

BOOST_AUTO_TEST_CASE(WordsOfOneMeaningStandTogether) {
  BOOST_TEST(first_synset("buy", PartOfSpeech::kVerb) == (Words{"buy", "purchase"}));
  BOOST_TEST(first_synset("car", PartOfSpeech::kNoun).contains("automobile"));
  BOOST_TEST(first_synset("big", PartOfSpeech::kAdjective) == (Words{"big", "large"}));
  BOOST_TEST(first_synset("quickly", PartOfSpeech::kAdverb).contains("rapidly"));
}

BOOST_AUTO_TEST_CASE(MembersTellNamesPlacesAndFrames) {
  const auto member_of = [](const char* word, PartOfSpeech part) {
    const auto lemma = wordnet().find(word);
    for (const auto& m : wordnet().members(wordnet().senses(*lemma, part)[0].synset)) {
      if (m.lemma == *lemma) return m;
    }
    return WordNet::Member{};
  };
  BOOST_TEST(member_of("london", PartOfSpeech::kNoun).capitalised);
  BOOST_TEST(!member_of("dog", PartOfSpeech::kNoun).capitalised);
  BOOST_TEST(member_of("asleep", PartOfSpeech::kAdjective).restricted);
  BOOST_TEST(!member_of("big", PartOfSpeech::kAdjective).restricted);
  const auto buy = member_of("buy", PartOfSpeech::kVerb);
  BOOST_TEST(((buy.frames >> 8) & 1) == 1u);  // somebody ----s something
  BOOST_TEST(((buy.frames >> 1) & 1) == 0u);  // something ----s
}

BOOST_AUTO_TEST_CASE(InflectedFormsFindTheirBases) {
  using enum PartOfSpeech;
  BOOST_TEST(bases("dogs", kNoun) == Words{"dog"});
  BOOST_TEST(bases("children", kNoun) == Words{"child"});
  BOOST_TEST(bases("boxes", kNoun) == Words{"box"});
  BOOST_TEST(bases("bodies", kNoun) == Words{"body"});
  BOOST_TEST(bases("bought", kVerb) == Words{"buy"});
  BOOST_TEST(bases("running", kVerb) == Words{"run"});
  BOOST_TEST(bases("tries", kVerb) == Words{"try"});
  BOOST_TEST(bases("hoping", kVerb) == (Words{"hope", "hop"}));
  BOOST_TEST(bases("bigger", kAdjective) == (Words{"bigger", "big"}));
  BOOST_TEST(bases("taller", kAdjective) == Words{"tall"});
  BOOST_TEST(bases("axes", kNoun).contains("axis"));
  BOOST_TEST(bases("dogs", kAdverb).empty());
  BOOST_TEST(bases("", kNoun).empty());
  BOOST_TEST(bases("s", kNoun) == Words{"s"});
  BOOST_TEST(bases(std::string(100'000, 's'), kNoun).empty());
}

BOOST_AUTO_TEST_CASE(AbsentFilesNameThePackage) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(WordNet(folder / "nowhere"), Error,
                        has("nowhere/index.noun: is absent", ExitCode::kResource));
  BOOST_CHECK_EXCEPTION(WordNet(folder.path()), Error, has("wordnet-base", ExitCode::kResource));
}

BOOST_AUTO_TEST_CASE(DamagedFilesAreRefusedWithFileAndLine) {
  const TemporaryFolder folder;
  const auto refused = [&](const char* words, const char* file,
                           const std::function<void(std::string&)>& change) {
    copy_with(folder, file, change);
    BOOST_CHECK_EXCEPTION(WordNet(folder.path()), Error, has(words, ExitCode::kInput));
  };
  refused("index.adv:", "index.adv", [](std::string& b) { b.resize(b.size() - 5); });
  refused("data.adv:31: is not a line", "data.adv", [](std::string& b) { b.insert(0, "  \n"); });
  refused("data.adv has not", "data.adv",
          [](std::string& b) { b.resize(b.rfind('\n', b.size() - 2) + 1); });
  refused("data.verb:", "data.verb", [](std::string& b) { b.resize(b.size() / 2); });
  refused("cntlist.rev:", "cntlist.rev", [](std::string& b) { b += "dog%9:00:00:: 1 1\n"; });
  copy_with(folder, "verb.exc", [](std::string& b) { b += "unknownform nosuchbase\n"; });
  BOOST_TEST(WordNet(folder.path()).num_lemmas() == wordnet().num_lemmas());
}

BOOST_AUTO_TEST_SUITE_END()
