#include "augment/score_memo.h"

#include "core/hash.h"

namespace arf {

std::vector<Satisfaction> ScoreMemo::score(const std::vector<PromptedResponse>& inputs) {
  std::vector<PromptedResponse> unknown;
  std::vector<Satisfaction*> places;  // of the unknown ones; a map's values stay where they are
  std::vector<const Satisfaction*> wanted;
  std::string_view hashed;  // the prompt that `prompt` is the hash of: most stand in a row
  std::string prompt = sha256_hex(hashed);
  for (const PromptedResponse& input : inputs) {
    if (input.prompt.data() != hashed.data() || input.prompt.size() != hashed.size()) {
      hashed = input.prompt;
      prompt = sha256_hex(hashed);
    }
    const auto [at, is_new] = known_.try_emplace(prompt + sha256_hex(input.response));
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
