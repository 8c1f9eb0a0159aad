// A preference pair of one response and its synonym variants (paper, appendix E).
//
// What is scored and what is stored are not the same. The scorer sees the best candidate behind the
// good prefix and the worst behind the bad one: the prefixes, which stand before the user's prompt,
// push the two scores apart and never turn their order (a pair where they do is left out). The pair
// that is stored carries the bare context: DPO (eq. 7) compares log pi(y|x) of two replies to the
// same x, so a prefix that only one side had would teach the policy about the prefix, and one that
// both had would train it on prompts that no user sends. Hence: same turns before the last one,
// another last reply, and the amplified scores beside them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "records/dialogue.h"

namespace arf {

// The candidates with the highest and the lowest reward; the first of equals. Indices into
// `scores`, which must not be empty.
struct Extremes {
  std::size_t best = 0, worst = 0;
};
Extremes extremes_of(const std::vector<Satisfaction>& scores);

struct Candidate {
  std::string text;
  Satisfaction score;
};

// The dialogue up to the assistant's turn `turn`, whose text is now the chosen response; `rejected`
// holds the other one. Both have their scores. with_prefixes: how the scores came to be, for the
// provenance.
Dialogue make_pair_row(const Dialogue& parent, std::size_t turn, const Candidate& chosen,
                       const Candidate& rejected, bool with_prefixes);

}  // namespace arf
