// Where the scorer that `fit-scorer` trains comes from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/options.h"
#include "core/json.h"
#include "scoring/scorer.h"

namespace arf {

struct ScorerSource {
  std::string encoder;  // minilm, roberta-mini or a folder; "": choose_encoder decides
  std::string tokenizer;
  bool random_weights = false;
  std::string pooling = "token_logits";
};

void add_scorer_source(Options& options, ScorerSource* source);

// Puts MiniLM's folder in place of the name minilm, and of an encoder that is not given the one
// that the machine and the other keys leave: MiniLM where it is installed, else roberta-mini. The
// choice is logged, and stands in the configuration from here on. resource_error: minilm is asked
// for and not installed; usage_error: it is not, and roberta-mini has no tokenizer.
void choose_encoder(ScorerSource* source);

// usage_error: a tokenizer that is missing, or one beside an encoder that has its own.
void check_scorer_source(const ScorerSource& source);

// The files that make_scorer reads; of what is no folder, none.
std::vector<std::filesystem::path> scorer_source_files(const ScorerSource& source);

// True where the encoder's weights are drawn from the seed.
bool is_from_scratch(const ScorerSource& source);

// roberta-mini with drawn weights; the encoder of a Hugging Face folder under a drawn MLP; a scorer
// as it is, to go on with. usage_error where that one has another pooling.
Scorer make_scorer(const ScorerSource& source, std::uint64_t seed);

// Hashes of the files it is made of.
Json describe_scorer_source(const ScorerSource& source, const Scorer& scorer);

}  // namespace arf
