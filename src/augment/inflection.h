// Forms of English words, from a base form and back.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data_io/wordnet.h"

namespace arf {

enum class Inflection : std::uint8_t {
  kBase,         // dog, buy, big, quickly
  kPlural,       // dogs
  kThirdPerson,  // buys
  kPast,         // bought, gave
  kParticiple,   // bought, given
  kGerund,       // buying
  kComparative,  // bigger
  kSuperlative,  // biggest
};

class Inflector {
 public:
  explicit Inflector(const WordNet& wordnet);

  // The form of a lemma, in lower case. None where the rules might err: "more beautiful", plurals
  // that are irregular in an unknown way.
  std::optional<std::string> form(WordNet::Lemma lemma, PartOfSpeech part, Inflection wanted) const;

  // Which form of `lemma` the word is; a verb's past that is its participle, too, is kPast.
  Inflection inflection_of(std::string_view word, WordNet::Lemma lemma, PartOfSpeech part) const;
  // Whether the verb's past and participle are one form (bought, bought; but gave, given).
  bool past_is_participle(WordNet::Lemma verb) const;

 private:
  using Forms = std::vector<std::string_view>;
  struct Verb {
    std::string_view past, participle;
  };
  std::string past(WordNet::Lemma verb, bool participle) const;
  std::string gerund(WordNet::Lemma verb) const;
  std::optional<std::string> plural(WordNet::Lemma noun) const;
  std::optional<std::string> graded(WordNet::Lemma adjective, const char* ending) const;
  const Forms& irregular(WordNet::Lemma lemma, PartOfSpeech part) const;

  const WordNet* wordnet_;
  std::array<std::unordered_map<WordNet::Lemma, Forms>, kPartsOfSpeech> irregular_;
  std::unordered_map<WordNet::Lemma, Verb> verbs_;  // whose past the exception lists do not tell
};

// "an" before a vowel's sound: an apple, an hour; but a unit.
bool takes_an(std::string_view word);

}  // namespace arf
