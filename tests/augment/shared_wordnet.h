// Debian's WordNet, read once for all tests of this folder; its absence is a failure.
#pragma once

#include "augment/site_finder.h"
#include "data_io/wordnet.h"

namespace arf {

inline const WordNet& shared_wordnet() {
  static const WordNet wordnet;
  return wordnet;
}

inline const SynonymTools& shared_tools() {
  static const SynonymTools tools(shared_wordnet());
  return tools;
}

}  // namespace arf
