// Table 3: replay ratios; what a scorer learns of GSM8K's right and wrong solutions, and what it
// keeps of Emotion3.
#include "core/error.h"
#include "data_io/corpus.h"
#include "experiments/experiment.h"
#include "experiments/gsm8k_solutions.h"
#include "experiments/preference_accuracy.h"
#include "report/chart.h"

namespace arf {
namespace {

constexpr double kTestShare = 0.3;  // of the problems

struct Row {
  std::string name, paper;
  double preference = 0, accuracy = 0, macro_f1 = 0;
};

std::string percent(double share) { return fmt::format("{:.2f}", 100 * share); }

// What the paper's table has at this ratio.
std::string paper_at(double ratio) {
  if (ratio == 0) return "60.59, 59.32";
  if (ratio == 0.5) return "56.40, 70.88";
  return "-";
}

class Table3 {
 public:
  Table3(const ExperimentSettings& settings, ExperimentSteps* steps)
      : settings_(settings),
        steps_(*steps),
        static_corpus_(emotion3(settings, steps)),
        scorer_(static_scorer(settings, steps)) {
    make_solutions();
  }

  ExperimentResult run() {
    std::vector<Row> rows;
    std::vector<Series> frontier;
    for (const LearningRate& rate : learning_rates(settings_)) {
      Series line{fmt::format("{} ({})", rate.name, rate.rate), {}, {}};
      for (const double ratio : settings_.replay_ratios) {
        rows.push_back(follow(rate, ratio));
        line.x.push_back(100 * rows.back().accuracy);
        line.y.push_back(100 * rows.back().preference);
      }
      frontier.push_back(line);
    }
    rows.insert(rows.begin(), basic_);
    return result_of(rows, frontier);
  }

 private:
  void make_solutions() {
    const std::string file = settings_.data + "/gsm8k/example_model_solutions.jsonl.gz";
    counts_ = steps_.make(
        "solutions", fmt::format("solutions of {}, {} of the problems for pairs", file, kTestShare),
        [&] {
          const auto counts = write_gsm8k_solutions(file, kTestShare, feedback(),
                                                    steps_.path("solutions") + "/pairs");
          return Json{{"problems", counts.problems},
                      {"right", counts.right},
                      {"wrong", counts.wrong},
                      {"pairs", counts.pairs}};
        });
  }
  std::string feedback() const { return steps_.path("solutions") + "/feedback"; }

  double preference_of(const std::string& scorer) const {
    return measure_preference(Scorer::load(scorer), steps_.path("solutions") + "/pairs",
                              settings_.threads)
        .accuracy;
  }

  Row follow(const LearningRate& rate, double ratio) {
    const std::string step = fmt::format("track-{}-{}", rate.name, ratio);
    const Json tracked = steps_.run_on_ranks(
        step, "track",
        {"--corpus.path", feedback(), "--scorer.path", scorer_, "--track.replay_corpus",
         static_corpus_, "--train.learning_rate", rate.rate, "--track.replay_ratio",
         fmt::format("{}", ratio), "--track.steps", std::to_string(settings_.steps),
         "--track.passes", "1000"});
    const Json& kept = tracked.at("static");
    if (basic_.name.empty()) {
      basic_ = {"basic: the static scorer", "53.52, 73.84", preference_of(scorer_),
                kept.at("before").at("accuracy"), kept.at("before").at("macro_f1")};
    }
    return {fmt::format("{} ({}), replay {}", rate.name, rate.rate, ratio), paper_at(ratio),
            preference_of(steps_.path(step)), kept.at("after").at("accuracy"),
            kept.at("after").at("macro_f1")};
  }

  ExperimentResult result_of(const std::vector<Row>& rows,
                             const std::vector<Series>& frontier) const {
    ExperimentResult result;
    result.lead = fmt::format(
        "After {} steps on right and wrong solutions of GSM8K's problems: how often the right one "
        "of "
        "a pair has the larger reward ({} pairs of problems that gave no feedback), and how well "
        "the scorer still reads Emotion3.",
        settings_.steps, counts_.at("pairs").get<std::uint64_t>());
    Finding finding;
    finding.title = "Preference and what was kept";
    finding.note = "In %. The paper's: GSM8K preference, Emotion3 accuracy.";
    finding.table.head = {"scorer", "the paper", "GSM8K preference", "Emotion3 accuracy",
                          "Emotion3 macro-F1"};
    for (const Row& row : rows) {
      finding.table.rows.push_back({row.name, row.paper, percent(row.preference),
                                    percent(row.accuracy), percent(row.macro_f1)});
      result.numbers[row.name] = {
          {"preference", row.preference}, {"accuracy", row.accuracy}, {"macro_f1", row.macro_f1}};
    }
    finding.figures.push_back(line_chart("the frontier: GSM8K preference over Emotion3 accuracy",
                                         "Emotion3 accuracy, %", frontier));
    result.findings.push_back(finding);
    return result;
  }

  const ExperimentSettings& settings_;
  ExperimentSteps& steps_;
  std::string static_corpus_, scorer_;
  Json counts_;
  Row basic_;
};

}  // namespace

ExperimentResult run_table3(const ExperimentSettings& settings, ExperimentSteps* steps) {
  return Table3(settings, steps).run();
}

}  // namespace arf
