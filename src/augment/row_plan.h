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

// The user's text right after turn `turn`; none where no user speaks then.
const std::string* follow_up_of(const Dialogue& dialogue, std::size_t turn);
// [turns] true where the turn is an assistant's that answers a user.
std::vector<bool> responses_of(const Dialogue& dialogue);

}  // namespace arf
