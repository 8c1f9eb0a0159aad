// The premise: does what a user writes next tell what he thought of the response before it? Human
// ratings of responses, and follow-ups as their only evidence.
#include <cmath>
#include <map>

#include "core/error.h"
#include "experiments/experiment.h"
#include "experiments/follow_ups.h"
#include "report/chart.h"
#include "scoring/source_measures.h"

namespace arf {
namespace {

struct RatedSet {
  const char* name;
  const char* format;
  const char* file;
  std::vector<std::string> more;
};
const RatedSet kSets[] = {
    {"MWOZ", "user_satisfaction", "user_satisfaction/MWOZ.txt.gz", {}},
    {"SGD", "user_satisfaction", "user_satisfaction/SGD.txt.gz", {}},
    {"CCPE", "user_satisfaction", "user_satisfaction/CCPE.txt.gz", {}},
    {"Topical-Chat",
     "topical_chat",
     "topical_chat/valid_freq.json.gz",
     {"--import.ratings", "turn"}},
};

std::string follow_ups_of(const RatedSet& set, const ExperimentSettings& settings,
                          ExperimentSteps* steps) {
  const std::string rated = fmt::format("rated-{}", set.name);
  ExperimentSteps::Words words = {"--import.format", set.format, "--import.input",
                                  fmt::format("{}/{}", settings.data, set.file)};
  words.insert(words.end(), set.more.begin(), set.more.end());
  steps->run(rated, "import", words);
  const std::string name = fmt::format("follow-ups-{}", set.name);
  steps->make(name, fmt::format("follow-ups of {}", rated), [&] {
    return Json{{"rows", write_follow_ups(steps->path(rated), set.name, steps->path(name))}};
  });
  return steps->path(name);
}

// The Emotion3 scorer, which has seen no rating, on the same test texts.
std::map<std::string, Measures> by_static_scorer(const std::string& scorer_path,
                                                 const std::vector<std::string>& corpora,
                                                 int threads) {
  const Scorer scorer = Scorer::load(scorer_path);
  const ExampleSet texts = read_labelled_texts(scorer, corpora, threads);
  std::vector<FramedText> test;
  for (const Example& example : texts.test) test.push_back(example.text);
  std::map<std::string, Measures> measures;
  for (const SourceMeasures& source :
       measure_by_source(texts, {{"static", score_all(scorer, test, threads)}})) {
    measures[source.source] = source.measures.front().second;
  }
  return measures;
}

struct Row {
  std::string source, contender;
  double accuracy = 0, macro_f1 = 0, spearman = 0;
};

Row row_of(const std::string& source, const std::string& contender, const Json& measures) {
  const Json& rank = measures.at("spearman");
  return {source, contender, measures.at("accuracy"), measures.at("macro_f1"),
          rank.is_number() ? rank.get<double>() : std::nan("")};
}

std::string shown(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "-";
}

class SatisfactionExperiment {
 public:
  SatisfactionExperiment(const ExperimentSettings& settings, ExperimentSteps* steps)
      : settings_(settings), steps_(*steps) {
    for (const RatedSet& set : kSets) corpora_.push_back(follow_ups_of(set, settings, steps));
    plain_ = fit("none");
    balanced_ = fit("balanced");
    unseen_ = by_static_scorer(static_scorer(settings, steps), corpora_, settings.threads);
  }

  ExperimentResult run() const {
    ExperimentResult result;
    result.lead =
        "Human ratings of responses, predicted from the user's next message alone. Spearman's rank "
        "correlation is that of the predicted reward with the mean human rating's.";
    Finding finding{
        "What a follow-up tells of the response before it",
        "Test texts only; macro-F1 and Spearman count, since one class holds most of the "
        "ratings. The paper has no such measurement.",
        {},
        {}};
    finding.table.head = {"data set", "by", "accuracy, %", "macro-F1, %", "Spearman"};
    for (const RatedSet& set : kSets) add(set.name, &finding, &result.numbers);
    result.findings.push_back(finding);
    return result;
  }

 private:
  Json fit(const std::string& weights) {
    ExperimentSteps::Words words = {"--corpus.path"};
    words.insert(words.end(), corpora_.begin(), corpora_.end());
    words.insert(words.end(),
                 {"--run.seed", std::to_string(settings_.seed), "--train.class_weights", weights,
                  "--train.learning_rate", learning_rates(settings_).back().rate});
    add_fit_words(settings_, &words);
    return steps_.run_on_ranks("fit-" + weights, "fit-scorer", words);
  }

  void add(const std::string& source, Finding* finding, Json* numbers) const {
    if (!plain_.at("sources").contains(source)) {
      input_error("{}: none of its follow-ups is among the test texts; it has too few", source);
    }
    const Json& plain = plain_.at("sources").at(source);
    const Json& balanced = balanced_.at("sources").at(source);
    const Measures& unseen = unseen_.at(source);
    const std::vector<Row> rows = {
        row_of(source, "largest class", plain.at("majority")),
        row_of(source, "bag of words", plain.at("bag_of_words")),
        row_of(source, "bag of words, balanced", plain.at("bag_of_words_balanced")),
        {source, "Emotion3's scorer, no rating seen", unseen.accuracy, unseen.macro_f1,
         unseen.spearman},
        row_of(source, "scorer fitted to ratings", plain.at("scorer")),
        row_of(source, "the same, balanced", balanced.at("scorer"))};
    std::vector<Bar> bars;
    for (const Row& row : rows) {
      finding->table.rows.push_back(
          {source, row.contender, fmt::format("{:.1f}", 100 * row.accuracy),
           fmt::format("{:.1f}", 100 * row.macro_f1), shown(row.spearman)});
      (*numbers)[source][row.contender] = {
          {"accuracy", row.accuracy},
          {"macro_f1", row.macro_f1},
          {"spearman", std::isfinite(row.spearman) ? Json(row.spearman) : Json()}};
      if (std::isfinite(row.spearman)) {
        bars.push_back({row.contender, row.spearman, std::nullopt, std::nullopt});
      }
    }
    finding->figures.push_back(bar_chart(source + ": Spearman", bars, 0));
  }

  const ExperimentSettings& settings_;
  ExperimentSteps& steps_;
  std::vector<std::string> corpora_;
  Json plain_, balanced_;
  std::map<std::string, Measures> unseen_;
};

}  // namespace

ExperimentResult run_satisfaction(const ExperimentSettings& settings, ExperimentSteps* steps) {
  return SatisfactionExperiment(settings, steps).run();
}

}  // namespace arf
