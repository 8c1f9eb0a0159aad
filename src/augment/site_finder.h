// The words of a text that a synonym may replace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "augment/inflection.h"
#include "augment/thesaurus.h"
#include "augment/word_book.h"
#include "data_io/wordnet.h"

namespace arf {

// A word that may be replaced, and by what: in the form and with the capitals of the word itself.
// Example: "bought" at [8, 14) by {"purchased"}.
struct Site {
  std::uint32_t begin = 0, end = 0;
  std::vector<std::string> replacements;
  // Where an article stands right before: its place; else both are 0.
  std::uint32_t article_begin = 0, article_end = 0;
};

// What it takes to find them. Constant after its construction: one serves all threads.
struct SynonymTools {
  explicit SynonymTools(const WordNet& words);  // must outlive it
  SynonymTools(const SynonymTools&) = delete;
  SynonymTools& operator=(const SynonymTools&) = delete;

  const WordNet& wordnet;
  const Inflector inflector;
  const WordBook word_book;
  const Thesaurus thesaurus;
};

// In order. Names, numbers, quotations, code, function words, words of phrases, and words whose
// part of speech is in doubt are none.
std::vector<Site> find_sites(std::string_view text, const SynonymTools& tools);

}  // namespace arf
