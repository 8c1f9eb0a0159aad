#include "augment/score_memo.h"

namespace arf {

std::vector<Satisfaction> ScoreMemo::score(const std::vector<PromptedResponse>& inputs) {
  std::vector<PromptedResponse> unknown;
  std::vector<Satisfaction*> places;  // of the unknown ones; a map's values stay where they are
  std::vector<const Satisfaction*> wanted;
  for (const PromptedResponse& input : inputs) {
    const auto [at, is_new] = known_.try_emplace(input.prompt + '\0' + input.response);
    wanted.push_back(&at->second);
    if (!is_new) continue;
    unknown.push_back(input);
    places.push_back(&at->second);
  }
  if (!unknown.empty()) {
    const std::vector<Satisfaction> scores = arf_(unknown);
    for (std::size_t i = 0; i < places.size(); ++i) *places[i] = scores[i];
  }
  std::vector<Satisfaction> found;
  for (const Satisfaction* score : wanted) found.push_back(*score);
  return found;
}

}  // namespace arf
