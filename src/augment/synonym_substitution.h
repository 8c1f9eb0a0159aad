// Synonym substitution (paper 3.2 and appendix E; the paper used nlpaug's SynonymAug): a text with
// some of its words replaced by synonyms that fit its grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "augment/site_finder.h"
#include "core/philox.h"

namespace arf {

struct SubstitutionSettings {
  double share = 0.3;     // of the words that may be replaced; at least one is
  std::size_t most = 10;  // replacements in one text
};

// How many of `sites` sites are replaced.
std::size_t num_replaced(std::size_t sites, const SubstitutionSettings& settings);

// `text` with a random choice of its sites replaced, an article before one corrected. Numbers are
// taken from `stream` at *number and on. Without sites: `text`.
std::string substitute(std::string_view text, const std::vector<Site>& sites,
                       const SubstitutionSettings& settings, const RandomStream& stream,
                       std::uint32_t* number);

}  // namespace arf
