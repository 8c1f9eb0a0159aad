// Table 1: one static scorer for Emotion3's four sources, over seeds, beside what it has to beat.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "experiments/experiment.h"
#include "report/chart.h"

namespace arf {
namespace {

struct Source {
  const char* name;  // as the recipe's rows have it; "": all
  const char* shown;
  double paper;        // accuracy, %
  const char* wanted;  // accuracy / macro-F1, %: to reach
};
constexpr Source kSources[] = {{"goemotions", "GoEmotions", 73.65, "74 / 72"},
                               {"isear", "ISEAR", 76.00, "93 / 86"},
                               {"dailydialog", "DailyDialog", 70.05, "89 / 60"},
                               {"sentiment140", "Sentiment140", 74.10, "79 / 79"},
                               {"", "Emotion3", 71.60, "76"}};

struct Spread {
  double mean = 0, least = 0, most = 0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  for (const double value : values) spread.mean += value / static_cast<double>(values.size());
  spread.least = *std::min_element(values.begin(), values.end());
  spread.most = *std::max_element(values.begin(), values.end());
  return spread;
}

// Of fit-scorer's result: what it says of a contender on a source's test texts.
Json measures_of(const Json& fitted, const Source& source, const char* contender) {
  const std::string name = contender;
  if (*source.name != '\0') return fitted.at("sources").at(source.name).at(name);
  return name == "scorer" ? fitted.at("test") : fitted.at("baselines").at(name);
}

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

std::string both(const Json& measures) {
  return percent(measures.at("accuracy")) + " / " + percent(measures.at("macro_f1"));
}

std::string shown(const Spread& spread) {
  return fmt::format("{} ({} to {})", percent(spread.mean), percent(spread.least),
                     percent(spread.most));
}

struct Fits {
  LearningRate rate;
  std::vector<Json> results;  // a seed each

  Spread spread(const Source& source, const char* measure) const {
    std::vector<double> values;
    for (const Json& fitted : results) {
      values.push_back(measures_of(fitted, source, "scorer").at(measure).get<double>());
    }
    return spread_of(values);
  }
};

Fits fit_all(const ExperimentSettings& settings, const LearningRate& rate, bool with_baselines,
             ExperimentSteps* steps) {
  Fits fits{rate, {}};
  const std::string corpus = emotion3(settings, steps);
  for (int s = 0; s < settings.seeds; ++s) {
    const std::string seed = std::to_string(settings.seed + static_cast<std::uint64_t>(s));
    ExperimentSteps::Words words = {"--corpus.path",
                                    corpus,
                                    "--run.seed",
                                    seed,
                                    "--train.learning_rate",
                                    rate.rate,
                                    "--fit.baseline",
                                    with_baselines && s == 0 ? "true" : "false"};
    add_fit_words(settings, &words);
    fits.results.push_back(
        steps->run_on_ranks(fmt::format("fit-{}-{}", rate.name, seed), "fit-scorer", words));
  }
  return fits;
}

Finding baselines(const Json& fitted) {
  Finding finding{"What has to be beaten", "Accuracy / macro-F1 on the test texts, in %.", {}, {}};
  finding.table.head = {"source",        "test texts",   "the paper's accuracy",
                        "largest class", "bag of words", "the same, balanced",
                        "to reach"};
  for (const Source& source : kSources) {
    const Json majority = measures_of(fitted, source, "majority");
    finding.table.rows.push_back(
        {source.shown, fmt::format("{}", majority.at("count").get<std::uint64_t>()),
         fmt::format("{:.2f}", source.paper), both(majority),
         both(measures_of(fitted, source, "bag_of_words")),
         both(measures_of(fitted, source, "bag_of_words_balanced")), source.wanted});
  }
  return finding;
}

Finding reached(const Fits& fits, Json* numbers) {
  Finding finding;
  finding.title = fmt::format("The scorer, learning rate {} ({})", fits.rate.rate, fits.rate.name);
  finding.note =
      fmt::format("One scorer for all sources; the mean of {} seeds (least to most), in %.",
                  fits.results.size());
  finding.table.head = {"source",   "the paper's accuracy", "accuracy",
                        "macro-F1", "balanced accuracy",    "ECE"};
  for (const Source& source : kSources) {
    std::vector<std::string> row = {source.shown, fmt::format("{:.2f}", source.paper)};
    for (const char* measure : {"accuracy", "macro_f1", "balanced_accuracy", "ece"}) {
      const Spread spread = fits.spread(source, measure);
      row.push_back(shown(spread));
      (*numbers)[fits.rate.name][source.shown][measure] = {
          {"mean", spread.mean}, {"least", spread.least}, {"most", spread.most}};
    }
    finding.table.rows.push_back(row);
  }
  return finding;
}

// Macro-F1 of each source: bags of words and scorers.
Finding figures(const std::vector<Fits>& all) {
  Finding finding{
      "Macro-F1 beside the baselines",
      "In %; the dashed line is the largest class, whiskers are least and most of the seeds.",
      {},
      {}};
  const Json& first = all.front().results.front();
  for (const Source& source : kSources) {
    std::vector<Bar> bars;
    for (const char* words : {"bag_of_words", "bag_of_words_balanced"}) {
      const std::string name = words == std::string("bag_of_words") ? "bag of words" : "balanced";
      bars.push_back({name, 100 * measures_of(first, source, words).at("macro_f1").get<double>(),
                      std::nullopt, std::nullopt});
    }
    for (const Fits& fits : all) {
      const Spread spread = fits.spread(source, "macro_f1");
      bars.push_back(
          {"scorer, " + fits.rate.name, 100 * spread.mean, 100 * spread.least, 100 * spread.most});
    }
    const double majority = measures_of(first, source, "majority").at("macro_f1");
    finding.figures.push_back(bar_chart(source.shown, bars, 100 * majority));
  }
  return finding;
}

}  // namespace

ExperimentResult run_table1(const ExperimentSettings& settings, ExperimentSteps* steps) {
  std::vector<Fits> all;
  for (const LearningRate& rate : learning_rates(settings)) {
    all.push_back(fit_all(settings, rate, all.empty(), steps));
  }
  ExperimentResult result;
  result.lead =
      "Accuracy as the paper counts it, and measures that a largest class does not decide. The "
      "test texts chose nothing, and no text is in two parts.";
  result.findings.push_back(baselines(all.front().results.front()));
  for (const Source& source : kSources) {
    for (const char* contender : {"majority", "bag_of_words", "bag_of_words_balanced"}) {
      const Json measures = measures_of(all.front().results.front(), source, contender);
      result.numbers[contender][source.shown] = {{"accuracy", measures.at("accuracy")},
                                                 {"macro_f1", measures.at("macro_f1")}};
    }
  }
  for (const Fits& fits : all) result.findings.push_back(reached(fits, &result.numbers));
  result.findings.push_back(figures(all));
  return result;
}

}  // namespace arf
