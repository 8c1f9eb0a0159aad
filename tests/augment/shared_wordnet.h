// Debian's WordNet, read once for all tests of this folder; its absence is a failure.
#pragma once

#include "augment/synonym_substitution.h"
#include "data_io/wordnet.h"

namespace arf {

inline const WordNet& shared_wordnet() {
  static const WordNet wordnet;
  return wordnet;
}

inline const SynonymSubstitution& shared_substitution() {
  static const SynonymSubstitution substitution(shared_wordnet());
  return substitution;
}

}  // namespace arf
