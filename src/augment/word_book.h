// What a word may be, seen by itself: a function word, or the readings that WordNet has for it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "augment/inflection.h"
#include "augment/word_class.h"
#include "core/text_hash.h"
#include "data_io/wordnet.h"

namespace arf {

struct Reading {
  PartOfSpeech part = PartOfSpeech::kNoun;
  WordNet::Lemma lemma = 0;
  Inflection inflection = Inflection::kBase;
};

struct WordInfo {
  struct Option {
    Reading reading;
    float weight = 0;        // logarithm of its share of the word's tagged senses
    bool ambiguous = false;  // two base forms are about as likely: "found" of find and found
  };
  WordClass word_class = WordClass::kOpen;
  std::array<Option, kPartsOfSpeech> options;
  std::size_t count = 0;  // of options; 0 where the class is not kOpen
  const Option* begin() const { return options.data(); }
  const Option* end() const { return options.data() + count; }
};

// Constant after its construction, which prepares all forms of the words that WordNet's tagged text
// has; the others are worked out when they are met.
class WordBook {
 public:
  WordBook(const WordNet& wordnet, const Inflector& inflector);  // both must outlive it

  WordInfo look_up(std::string_view word) const;  // in lower case

 private:
  void prepare(std::string_view word);
  void prepare_forms(WordNet::Lemma lemma, PartOfSpeech part);
  WordInfo work_out(std::string_view word) const;

  const WordNet* wordnet_;
  const Inflector* inflector_;
  TextMap<WordInfo> prepared_;
};

}  // namespace arf
