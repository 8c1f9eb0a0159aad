// Which words may stand for which: WordNet's synonyms of a word's most frequent sense, where that
// sense is what the word nearly always means and the synonym nearly always means it, too; for
// frequent words, what reading confirmed (word_lists.h).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/text_hash.h"
#include "data_io/wordnet.h"

namespace arf {

class Thesaurus {
 public:
  explicit Thesaurus(const WordNet& wordnet);  // must outlive it

  // Synonyms as single words in lower case, the most frequent first.
  std::span<const WordNet::Lemma> synonyms(WordNet::Lemma lemma, PartOfSpeech part) const;
  // Whether some phrase of WordNet ("ice_cream", "carry_out") begins with this word.
  bool begins_phrase(std::string_view word) const { return first_words_.contains(word); }

 private:
  struct Range {
    std::uint32_t first = 0, count = 0;
  };
  void add(WordNet::Lemma lemma, PartOfSpeech part);
  void add_confirmed();

  const WordNet* wordnet_;
  std::vector<Range> ranges_;  // [lemma * kPartsOfSpeech + part]
  std::vector<WordNet::Lemma> synonyms_;
  TextViewSet first_words_;
};

}  // namespace arf
