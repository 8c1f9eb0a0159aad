#include "experiments/preference_accuracy.h"

#include <deque>

#include "core/error.h"
#include "data_io/corpus.h"
#include "records/prompts.h"

namespace arf {

PreferenceAccuracy measure_preference(const Scorer& scorer, const std::filesystem::path& pairs,
                                      const Workers& workers) {
  std::deque<Dialogue> rows;  // whose texts stay where they are
  std::vector<ScorerInput> inputs;
  CorpusReader(pairs).for_each([&](std::uint64_t, const Dialogue& dialogue) {
    if (!dialogue.rejected || dialogue.turns.empty()) return;
    rows.push_back(dialogue);
    const Dialogue& row = rows.back();
    const std::string* prompt = prompts_of(row).back();
    inputs.push_back(response_input(prompt, row.turns.back().text));
    inputs.push_back(response_input(prompt, *row.rejected));
  });
  if (rows.empty()) input_error("{}: no row has a rejected response", pairs.string());
  const auto scores = score_all(scorer, inputs, workers);
  PreferenceAccuracy result;
  for (std::size_t i = 0; i + 1 < scores.size(); i += 2) {
    const float chosen = scores[i].reward(), rejected = scores[i + 1].reward();
    result.accuracy += chosen > rejected ? 1.0 : chosen == rejected ? 0.5 : 0.0;
    ++result.pairs;
  }
  result.accuracy /= static_cast<double>(result.pairs);
  return result;
}

}  // namespace arf
