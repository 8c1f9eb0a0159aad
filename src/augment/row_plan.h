// One row and the rows that come of it, before any of them is scored.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "augment/augment_settings.h"
#include "augment/site_finder.h"
#include "records/dialogue.h"

namespace arf {

struct RowPlan {
  Dialogue original;
  bool as_it_was = false;          // a pair, or augmented before: no children
  std::vector<Dialogue> variants;  // by synonyms, in order of rounds; their responses have no score
  std::size_t unchanged = 0, replaced_words = 0;
  std::optional<Dialogue> truncated;
  std::optional<Dialogue> pair;
  // [turns] C_static of each response; none for users' turns and where nothing tells it.
  std::vector<std::optional<Satisfaction>> fixed;
};

// The children of a row but for its pair, which takes scores. Depends on the row, the settings and
// nothing else.
RowPlan plan_row(const Dialogue& row, const AugmentSettings& settings, const SynonymTools& tools);

// The user's text that the response of turn `turn` answers; none where no user spoke before.
const std::string* prompt_of(const Dialogue& dialogue, std::size_t turn);
// The user's text right after it.
const std::string* follow_up_of(const Dialogue& dialogue, std::size_t turn);
// True where turn `turn` is an assistant's that answers a user.
bool is_response(const Dialogue& dialogue, std::size_t turn);

}  // namespace arf
