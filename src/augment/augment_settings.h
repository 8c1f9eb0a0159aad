// What `arf augment` makes, what it needs others for, and what it counts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "records/dialogue.h"

namespace arf {

struct AugmentSettings {
  int synonym_rounds = 4;      // variants of a row, at most (paper, appendix E)
  double synonym_share = 0.3;  // of the words that may be replaced; at least one is
  int synonym_most = 10;       // replacements in one response
  bool truncate = true;        // cut each trace once, where it can be cut
  bool pairs = true;           // a preference pair of a row's last scored response with variants
  bool prefixes = true;        // amplify the scores of pairs
  double min_gap = 0;          // of the two rewards of a pair; smaller or equal: no pair
  bool keep_originals = true;  // write the rows themselves, too
  std::uint64_t seed = 1;      // of all random numbers
};

// A response in its prompt, as the ARF scorer reads it. Views: the texts must outlive it.
struct PromptedResponse {
  std::string_view prompt, response;
};

// Scoring comes from outside: this folder knows texts and records only. All may be empty; then rows
// that are made have no scores.
struct AugmentScorers {
  // C_ARF of each.
  std::function<std::vector<Satisfaction>(const std::vector<PromptedResponse>&)> arf;
  // C_static of users' follow-ups, for responses that have no stored satisfaction.
  std::function<std::vector<Satisfaction>(const std::vector<std::string>&)> fixed;
  // C_Aug of C_ARF and C_static (paper eq. 11, 12).
  std::function<Satisfaction(const Satisfaction& arf, const Satisfaction& fixed)> biased;
};

struct AugmentCounts {
  std::uint64_t rows = 0, written = 0;
  std::uint64_t kept_as_they_were = 0;   // pairs and rows that were augmented before: no children
  std::uint64_t without_response = 0;    // nothing to augment in them
  std::uint64_t without_score = 0;       // with responses, none of which has a C_static
  std::uint64_t synonyms = 0;            // variants written
  std::uint64_t synonyms_unchanged = 0;  // rounds that found no word, or an earlier variant again
  std::uint64_t replaced_words = 0;
  std::uint64_t truncations = 0, not_cut = 0;
  std::uint64_t pairs = 0;
  std::uint64_t pairs_without_variants = 0, pairs_below_gap = 0, pairs_turned = 0;
  std::uint64_t scored = 0;  // responses with a C_Aug
};

}  // namespace arf
