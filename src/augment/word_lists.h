// What reading taught about single words, beyond what WordNet's counts tell.
#pragma once

#include <span>
#include <string_view>

#include "data_io/wordnet.h"

namespace arf {

// Base forms that are never replaced, whatever WordNet has for them.
bool is_kept_lemma(std::string_view lemma);

// Words that WordNet calls synonyms and that hardly anybody would say ("mortal" for "person").
bool is_odd_synonym(std::string_view lemma, PartOfSpeech part);

// Whether WordNet's synonym would rarely do where the word stands ("encourage people": "promote").
bool is_unfit_pair(std::string_view word, std::string_view synonym);

// Verbs whose synonyms only fit where an object follows, or in the passive.
bool needs_object(std::string_view verb);

// Nouns without a plural ("assistance").
bool is_mass_noun(std::string_view lemma);

// First names that are also words ("Mark", "Rose"): kept where they stand with a capital.
bool is_given_name(std::string_view word);

// Synonyms that nearly always fit although the counts of WordNet's senses do not show it. They
// stand in place of all others of the word. Lists with single spaces between.
struct ConfirmedSynonyms {
  std::string_view word;
  PartOfSpeech part;
  std::string_view synonyms;  // of a synset of WordNet's
  std::string_view near;      // of synsets apart that mean the same in nearly every sentence
};
std::span<const ConfirmedSynonyms> confirmed_synonyms();

// The next word of a list that single spaces part; empty at the end.
std::string_view take_word(std::string_view* list);

}  // namespace arf
