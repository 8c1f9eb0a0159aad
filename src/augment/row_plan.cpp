#include "augment/row_plan.h"

#include <algorithm>
#include <string>

#include "augment/synonym_substitution.h"
#include "augment/truncation.h"
#include "records/prompts.h"

namespace arf {
namespace {

bool same_texts(const Dialogue& a, const Dialogue& b) {
  return std::equal(a.turns.begin(), a.turns.end(), b.turns.begin(), b.turns.end(),
                    [](const Turn& x, const Turn& y) { return x.text == y.text; });
}

void clear_scores(Dialogue* dialogue) {
  for (Turn& turn : dialogue->turns) {
    if (turn.role == TurnRole::kAssistant) turn.satisfaction.reset();
  }
}

// Every response of the row with synonyms, drawn from (seed, kSynonym, the row's key, round).
void add_variants(const AugmentSettings& settings, const SynonymTools& tools, RowPlan* plan) {
  const Dialogue& row = plan->original;
  std::vector<std::vector<Site>> sites(row.turns.size());
  for (std::size_t i = 0; i < row.turns.size(); ++i) {
    if (row.turns[i].role == TurnRole::kAssistant) sites[i] = find_sites(row.turns[i].text, tools);
  }
  const SubstitutionSettings substitution{settings.synonym_share,
                                          static_cast<std::size_t>(settings.synonym_most)};
  for (int round = 1; round <= settings.synonym_rounds; ++round) {
    const RandomStream stream(settings.seed, Purpose::kSynonym, row_key(row),
                              static_cast<std::uint32_t>(round));
    Dialogue variant = derive(row, "-synonym-" + std::to_string(round), "synonym");
    clear_scores(&variant);
    std::uint32_t number = 0;
    std::size_t words = 0;
    for (std::size_t i = 0; i < row.turns.size(); ++i) {
      if (sites[i].empty()) continue;
      variant.turns[i].text =
          substitute(row.turns[i].text, sites[i], substitution, stream, &number);
      words += num_replaced(sites[i].size(), substitution);
    }
    const bool known = same_texts(variant, row) ||
                       std::any_of(plan->variants.begin(), plan->variants.end(),
                                   [&](const Dialogue& v) { return same_texts(v, variant); });
    if (known) {
      ++plan->unchanged;
      continue;
    }
    plan->replaced_words += words;
    plan->variants.push_back(std::move(variant));
  }
}

// What is stored: on the response itself, or on the follow-up that expresses it.
std::optional<Satisfaction> stored_score(const Dialogue& row, std::size_t turn) {
  if (row.turns[turn].satisfaction) return row.turns[turn].satisfaction;
  if (follow_up_of(row, turn) != nullptr) return row.turns[turn + 1].satisfaction;
  return std::nullopt;
}

}  // namespace

std::vector<bool> responses_of(const Dialogue& dialogue) {
  const auto prompts = prompts_of(dialogue);
  std::vector<bool> responses(prompts.size());
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    responses[i] = dialogue.turns[i].role == TurnRole::kAssistant && prompts[i] != nullptr;
  }
  return responses;
}

const std::string* follow_up_of(const Dialogue& dialogue, std::size_t turn) {
  const std::size_t next = turn + 1;
  if (next >= dialogue.turns.size() || dialogue.turns[next].role != TurnRole::kUser) return nullptr;
  return &dialogue.turns[next].text;
}

RowPlan plan_row(const Dialogue& row, const AugmentSettings& settings, const SynonymTools& tools) {
  RowPlan plan;
  plan.original = row;
  plan.fixed.resize(row.turns.size());
  plan.as_it_was = row.rejected.has_value() || !row.provenance.augmentation.empty();
  if (plan.as_it_was) return plan;
  const std::vector<bool> responses = responses_of(row);
  for (std::size_t i = 0; i < row.turns.size(); ++i) {
    if (responses[i]) plan.fixed[i] = stored_score(row, i);
  }
  add_variants(settings, tools, &plan);
  if (settings.truncate) plan.truncated = truncate_trace(row, settings.seed);
  return plan;
}

}  // namespace arf
