// What an evaluation leaves: JSON, CSV, the table on stdout, the report.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "evaluation/evaluation.h"

namespace arf {

struct EvaluationSummary {
  std::vector<ContestantResult> results;
  std::size_t baseline = 0;
  std::size_t num_prompts = 0, num_dialogues = 0;
  EvaluationSettings settings;
  Json inputs;  // hashes of the model, the scorer, the corpus
};

// All estimates; times stand under "tokens_per_second" and "generation_seconds" alone.
Json evaluation_json(const EvaluationSummary& summary);
std::string evaluation_csv(const EvaluationSummary& summary);  // a row per method, numbers in full
// A line per prompt and method: {"method", "dialogue", "turn", "prompt", "reply", "reward", ...}.
std::string replies_jsonl(const EvaluationSummary& summary, const HeldOut& held_out);
// Aligned columns: method, frozen-scorer reward, true satisfaction (where known), the ratios to the
// baseline with their 95 % intervals, KL to the base, tokens/s.
std::string evaluation_table(const EvaluationSummary& summary);
std::string evaluation_report(const EvaluationSummary& summary);

}  // namespace arf
