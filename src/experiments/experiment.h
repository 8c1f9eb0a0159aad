// The experiments of the paper on the method's reward, each a named configuration
// (configs/experiments/NAME.ini) that one command runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "experiments/steps.h"
#include "report/html.h"

namespace arf {

// Every experiment takes what it needs of them.
struct ExperimentSettings {
  std::string data;                 // the folder of the public data sets
  std::string recipe;               // of the static scorer's corpus, an INI of `arf import`
  std::string scorer;               // a static scorer in place of one that is fitted
  std::string encoder;              // --scorer.encoder; empty: fit-scorer's own
  std::string tokenizer;            // --scorer.tokenizer, of an encoder with drawn weights
  std::int64_t fit_iterations = 0;  // of the static scorer; 0: fit-scorer's own
  int seeds = 3;                    // how many fits, from run.seed on
  std::vector<std::string> learning_rates = {"paper=1e-6", "tuned=1e-4"};
  std::vector<double> replay_ratios;
  std::vector<double> s_sigs;
  std::uint64_t messages_per_phase = 5000;
  std::int64_t steps = 1000;  // of table 3
  std::uint64_t longest_message =
      600;  // bytes of a prompt and its response; longer ones are left out
  std::uint64_t seed = 1;
  int threads = 1;  // of what this process does itself
};

struct LearningRate {
  std::string name, rate;  // "paper", "1e-6"
};
std::vector<LearningRate> learning_rates(const ExperimentSettings& settings);  // usage_error

struct Finding {
  std::string title, note;
  HtmlTable table;
  std::vector<std::string> figures;  // SVG
};

struct ExperimentResult {
  std::string lead;
  std::vector<Finding> findings;
  Json numbers = Json::object();  // what the tables show
};

struct Experiment {
  const char* name;
  const char* title;
  ExperimentResult (*run)(const ExperimentSettings& settings, ExperimentSteps* steps);
};
std::span<const Experiment> experiments();

ExperimentResult run_table1(const ExperimentSettings& settings, ExperimentSteps* steps);
ExperimentResult run_satisfaction(const ExperimentSettings& settings, ExperimentSteps* steps);
ExperimentResult run_figure3(const ExperimentSettings& settings, ExperimentSteps* steps);
ExperimentResult run_table3(const ExperimentSettings& settings, ExperimentSteps* steps);
ExperimentResult run_table4(const ExperimentSettings& settings, ExperimentSteps* steps);
ExperimentResult run_table6(const ExperimentSettings& settings, ExperimentSteps* steps);

// Pieces that several share.

// The static scorer: settings.scorer, or one fitted to settings.recipe's corpus.
std::string static_scorer(const ExperimentSettings& settings, ExperimentSteps* steps);
// The settings of a fit: encoder and iterations, where they are given.
void add_fit_words(const ExperimentSettings& settings, ExperimentSteps::Words* words);
// The corpus of settings.recipe: a folder with train, validation and test.
std::string emotion3(const ExperimentSettings& settings, ExperimentSteps* steps);

}  // namespace arf
