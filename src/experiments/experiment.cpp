#include "experiments/experiment.h"

#include <cmath>
#include <cstdlib>

#include "core/error.h"

namespace arf {
namespace {

constexpr Experiment kExperiments[] = {
    {"table1", "The static scorer (table 1)", run_table1},
    {"satisfaction", "What a follow-up tells of the response before it", run_satisfaction},
    {"figure3", "Scores follow a taste that changes (figure 3)", run_figure3},
    {"table3", "What replay keeps and what it costs (table 3)", run_table3},
    {"table4", "How steep re-scoring is (table 4)", run_table4},
    {"table6", "With and without re-scoring (table 6)", run_table6},
};

}  // namespace

std::span<const Experiment> experiments() { return kExperiments; }

std::vector<LearningRate> learning_rates(const ExperimentSettings& settings) {
  std::vector<LearningRate> rates;
  for (const std::string& word : settings.learning_rates) {
    const auto equals = word.find('=');
    const std::string rate = equals == std::string::npos ? "" : word.substr(equals + 1);
    char* end = nullptr;
    const double value = std::strtod(rate.c_str(), &end);
    if (equals == 0 || rate.empty() || *end != '\0' || !std::isfinite(value) || value <= 0) {
      usage_error("--experiment.learning_rates is `{}`; it takes NAME=RATE, as paper=1e-6", word);
    }
    rates.push_back({word.substr(0, equals), rate});
  }
  if (rates.empty()) usage_error("--experiment.learning_rates names none");
  return rates;
}

void add_fit_words(const ExperimentSettings& settings, ExperimentSteps::Words* words) {
  if (!settings.encoder.empty()) {
    words->insert(words->end(), {"--scorer.encoder", settings.encoder});
  }
  if (!settings.tokenizer.empty()) {
    words->insert(words->end(), {"--scorer.tokenizer", settings.tokenizer});
  }
  if (settings.fit_iterations > 0) {
    words->insert(words->end(), {"--train.iterations", std::to_string(settings.fit_iterations)});
  }
}

std::string emotion3(const ExperimentSettings& settings, ExperimentSteps* steps) {
  steps->run("emotion3", "import", {"--config", settings.recipe, "--import.root", settings.data});
  return steps->path("emotion3");
}

std::string static_scorer(const ExperimentSettings& settings, ExperimentSteps* steps) {
  if (!settings.scorer.empty()) return settings.scorer;
  ExperimentSteps::Words words = {"--corpus.path",  emotion3(settings, steps),
                                  "--run.seed",     std::to_string(settings.seed),
                                  "--fit.baseline", "false"};
  add_fit_words(settings, &words);
  steps->run_on_ranks("static", "fit-scorer", words);
  return steps->path("static");
}

}  // namespace arf
