// Synonym substitution (paper 3.2 and appendix E; the paper used nlpaug's SynonymAug): a text with
// some of its words replaced by synonyms that fit its grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "augment/inflection.h"
#include "augment/tagger.h"
#include "augment/thesaurus.h"
#include "augment/token.h"
#include "core/philox.h"
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

struct SubstitutionSettings {
  double share = 0.3;     // of the words that may be replaced; at least one is
  std::size_t most = 10;  // replacements in one text
};

// Constant after its construction: one serves all threads.
class SynonymSubstitution {
 public:
  explicit SynonymSubstitution(const WordNet& wordnet);  // must outlive it

  // The words of `text` that may be replaced, in order.
  std::vector<Site> sites(std::string_view text) const;

 private:
  const WordNet* wordnet_;
  Inflector inflector_;
  Lexicon lexicon_;
  Thesaurus thesaurus_;
};

// `text` with a random choice of its sites replaced. Numbers are taken from `stream` at *number and
// on. Without sites: `text`.
std::string substitute(std::string_view text, const std::vector<Site>& sites,
                       const SubstitutionSettings& settings, const RandomStream& stream,
                       std::uint32_t* number);

}  // namespace arf
