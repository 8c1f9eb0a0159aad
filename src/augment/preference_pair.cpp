#include "augment/preference_pair.h"

#include "augment/truncation.h"
#include "core/error.h"

namespace arf {

Extremes extremes_of(const std::vector<Satisfaction>& scores) {
  ARF_CHECK(!scores.empty(), "a pair of no candidates");
  Extremes found;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    if (scores[i].reward() > scores[found.best].reward()) found.best = i;
    if (scores[i].reward() < scores[found.worst].reward()) found.worst = i;
  }
  return found;
}

Dialogue make_pair_row(const Dialogue& parent, std::size_t turn, const Candidate& chosen,
                       const Candidate& rejected, bool with_prefixes) {
  ARF_CHECK(turn < parent.turns.size() && parent.turns[turn].role == TurnRole::kAssistant,
            "row {}: turn {} is no response", parent.id, turn);
  Dialogue pair = derive(parent, "-pair", with_prefixes ? "prefix" : "pair");
  pair.turns.resize(turn + 1);
  pair.turns[turn].text = chosen.text;
  pair.turns[turn].satisfaction = chosen.score;
  pair.rejected = rejected.text;
  pair.rejected_satisfaction = rejected.score;
  return pair;
}

}  // namespace arf
