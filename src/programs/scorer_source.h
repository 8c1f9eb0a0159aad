// Where the scorer that `fit-scorer` trains comes from.
#pragma once

#include <cstdint>
#include <string>

#include "config/options.h"
#include "core/json.h"
#include "scoring/scorer.h"

namespace arf {

struct ScorerSource {
  std::string encoder = "roberta-mini";
  std::string tokenizer;
  bool random_weights = false;
};

void add_scorer_source(Options& options, ScorerSource* source);

// usage_error: a tokenizer that is missing, or one beside an encoder that has its own.
void check_scorer_source(const ScorerSource& source);

// True where the encoder's weights are drawn from the seed.
bool is_from_scratch(const ScorerSource& source);

// roberta-mini with drawn weights; the encoder of a Hugging Face folder under a drawn MLP; a scorer
// as it is, to go on with.
Scorer make_scorer(const ScorerSource& source, std::uint64_t seed);

// Hashes of the files it is made of.
Json describe_scorer_source(const ScorerSource& source, const Scorer& scorer);

}  // namespace arf
