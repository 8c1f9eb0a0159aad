// Figure 3: four tasks in a row, a bias injected at each, the earliest turned negative after two;
// with and without replay, at the paper's learning rate and at others.
#include "core/error.h"
#include "experiments/bias_stream.h"
#include "experiments/experiment.h"
#include "experiments/preference_stream.h"
#include "experiments/score_path.h"
#include "report/chart.h"

namespace arf {
namespace {

constexpr std::uint64_t kEvaluationsPerPhase = 20;

struct Run {
  std::string name;  // "paper, replay 0.5"
  std::vector<Series> paths;
};

std::vector<std::string> task_names() { return {std::begin(kBiasTasks), std::end(kBiasTasks)}; }

Run follow(const ExperimentSettings& settings, const BiasStream& stream, const std::string& scorer,
           const std::string& static_corpus, const LearningRate& rate, double ratio,
           ExperimentSteps* steps) {
  const std::string step = fmt::format("track-{}-{}", rate.name, ratio);
  auto words = track_words(stream, scorer, static_corpus, rate.rate, ratio);
  const auto every = std::max<std::uint64_t>(1, settings.messages_per_phase / kEvaluationsPerPhase);
  words.insert(words.end(), {"--track.evaluate_every", std::to_string(every)});
  const Json tracked = steps->run_on_ranks(step, "track", words);
  return {fmt::format("{} ({}), replay {}", rate.name, rate.rate, ratio),
          score_paths(steps->path(step), tracked, task_names())};
}

struct Change {
  std::size_t task, phase;
  bool liked;
};

// New tasks, and those that turn negative, in the order of the stream.
std::vector<Change> changes() {
  std::vector<Change> all;
  const auto tastes = tastes_of_figure_3(std::size(kBiasTasks));
  for (std::size_t phase = 0; phase < tastes.size(); ++phase) {
    all.push_back({phase, phase, true});
    if (phase >= 2) all.push_back({phase - 2, phase, false});
  }
  return all;
}

std::string cell(const std::optional<Followed>& path) {
  if (!path) return "-";
  return fmt::format("{:+.3f} to {:+.3f}, {}", path->before, path->after,
                     path->half_way ? fmt::format("{:.0f}", *path->half_way) : "does not follow");
}

Json number(const std::optional<Followed>& path) {
  if (!path) return nullptr;
  return {{"before", path->before},
          {"after", path->after},
          {"half_way", path->half_way ? Json(*path->half_way) : Json()}};
}

Finding table_of(const std::vector<Run>& runs, double per_phase, Json* numbers) {
  Finding finding;
  finding.title = "How far and how fast the score follows";
  finding.note =
      "The mean reward of responses that are in no stream, at the change and at the end of its "
      "phase, and the messages until half of the way. A task stays liked for two phases; the half "
      "is of the first.";
  finding.table.head = {"change"};
  for (const Run& run : runs) finding.table.head.push_back(run.name);
  for (const Change& change : changes()) {
    const std::string name = fmt::format("{} {} at {:.0f}", kBiasTasks[change.task],
                                         change.liked ? "liked" : "turned negative",
                                         static_cast<double>(change.phase) * per_phase);
    std::vector<std::string> row = {name};
    for (const Run& run : runs) {
      const double from = static_cast<double>(change.phase) * per_phase;
      const auto path = followed(run.paths[change.task], from, from + per_phase, change.liked);
      row.push_back(cell(path));
      (*numbers)[run.name][name] = number(path);
    }
    finding.table.rows.push_back(row);
  }
  return finding;
}

}  // namespace

ExperimentResult run_figure3(const ExperimentSettings& settings, ExperimentSteps* steps) {
  const BiasStream stream = make_bias_stream(settings, settings.messages_per_phase, steps);
  const std::string static_corpus = emotion3(settings, steps);
  const std::string scorer = static_scorer(settings, steps);
  std::vector<Run> runs;
  for (const LearningRate& rate : learning_rates(settings)) {
    for (const double ratio : settings.replay_ratios) {
      runs.push_back(follow(settings, stream, scorer, static_corpus, rate, ratio, steps));
    }
  }
  ExperimentResult result;
  result.lead =
      "A user likes one task's replies after another's, and turns from the earliest of three. The "
      "paper shows scores that follow, without numbers.";
  result.findings.push_back(
      table_of(runs, static_cast<double>(settings.messages_per_phase), &result.numbers));
  Finding curves{"The mean score of each task", "The horizontal axis counts messages.", {}, {}};
  for (const Run& run : runs) {
    curves.figures.push_back(line_chart(run.name, "messages", run.paths));
  }
  result.findings.push_back(curves);
  return result;
}

}  // namespace arf
