// arf experiment: one of the paper's experiments on the method's reward, with its report.
#include "experiments/experiment.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "config/options.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/stop_signal.h"
#include "core/utf8.h"
#include "data_io/run_directory.h"
#include "programs/commands.h"
#include "programs/scorer_report.h"
#include "programs/scorer_run.h"

namespace arf {
namespace {

struct ExperimentCommandSettings {
  RunSettings run;
  StepSettings steps;
  ExperimentSettings experiment;
  std::string name;
  std::vector<std::string> replay_ratios = {"0", "0.5"};  // as they are written
  std::vector<std::string> s_sigs = {"1", "4", "6", "8", "16"};
};

void declare(Options& options, ExperimentCommandSettings* s) {
  ExperimentSettings& e = s->experiment;
  std::vector<std::string> names;
  for (const Experiment& one : experiments()) names.push_back(one.name);
  options.add_choice("experiment.name", &s->name, names,
                     "Which; configs/experiments has them all.");
  options.require("experiment.name");
  options.add(
      "experiment.data", &e.data, "",
      "The folder of the public data sets, one folder each: goemotions, isear, dailydialog, "
      "sentiment140, alpaca, gsm8k, strategyqa, topical_chat, user_satisfaction.");
  options.require("experiment.data");
  options.add("experiment.recipe", &e.recipe, "",
              "The static scorer's corpus: a configuration of `arf import` with a recipe.");
  options.add("experiment.scorer", &e.scorer, "",
              "A static scorer to use; empty: one is fitted to the recipe's corpus.");
  options.add(
      "experiment.encoder", &e.encoder, "",
      "What the static scorer is fitted from (--scorer.encoder); empty: as fit-scorer does.");
  options.add("experiment.tokenizer", &e.tokenizer, "",
              "Its tokenizer, where its weights are drawn (--scorer.tokenizer).");
  options.add("experiment.fit_iterations", &e.fit_iterations, "iterations",
              "Of fitting the static scorer; 0: as fit-scorer does.");
  options.add("experiment.seeds", &e.seeds, "",
              "Fits that a table's mean is of, from run.seed on.");
  options.at_least("experiment.seeds", 1);
  options.add("experiment.learning_rates", &e.learning_rates, "",
              "Learning rates to show side by side, NAME=RATE each.");
  options.add("experiment.replay_ratios", &s->replay_ratios, "",
              "ER_ratio, each from 0 to below 1.");
  options.add("experiment.s_sigs", &s->s_sigs, "", "S_sig of eq. 13, each above 0.");
  options.add("experiment.messages_per_phase", &e.messages_per_phase, "messages",
              "Of the stream of figure 3, between two changes of taste.");
  options.at_least("experiment.messages_per_phase", 1);
  options.add("experiment.steps", &e.steps, "steps", "Of table 3, replays counted.");
  options.at_least("experiment.steps", 1);
  options.add("experiment.longest_message", &e.longest_message, "bytes",
              "A prompt and its response of more are left out of the streams.");
  options.add("experiment.ranks", &s->steps.ranks, "ranks",
              "Of the commands that run under mpirun; the result does not depend on it.");
  options.at_least("experiment.ranks", 1);
  options.mark_no_effect_on_result("experiment.ranks");
  add_run_settings(options, &s->run);
  add_resume_setting(options, &s->run);
  options.require("output");
}

std::vector<double> numbers(const char* key, const std::vector<std::string>& words, double least,
                            double below) {
  std::vector<double> values;
  for (const std::string& word : words) {
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (word.empty() || *end != '\0' || !(value >= least && value < below)) {
      usage_error("--{} is `{}`; it takes numbers from {} to below {}", key, word, least, below);
    }
    values.push_back(value);
  }
  if (values.empty()) usage_error("--{} names none", key);
  return values;
}

// Aligned columns.
std::string text_of(const HtmlTable& table) {
  std::vector<std::vector<std::string>> rows = {table.head};
  rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  std::vector<std::size_t> widths(table.head.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      text += c == 0 ? fmt::format("{:<{}}", row[c], widths[c])
                     : fmt::format("  {:>{}}", row[c], widths[c]);
    }
    text += "\n";
  }
  return text;
}

std::string report(const std::string& title, const ExperimentResult& result,
                   const ExperimentSteps& steps, const RunDirectory& run) {
  HtmlPage page(title, result.lead);
  for (const Finding& finding : result.findings) {
    page.section(finding.title, finding.note);
    if (!finding.table.head.empty()) page.table(finding.table);
    if (!finding.figures.empty()) page.figures(finding.figures);
  }
  page.section("The steps", "Each command's folder has its own report.");
  page.folded("commands", fmt::format("{}", fmt::join(steps.command_lines(), "\n")));
  add_run_section(&page, read_json(run.path() / "manifest.json"),
                  read_file(run.path() / "config.ini"));
  return page.html();
}

void print(const ExperimentCommandSettings& settings, const std::string& title,
           const ExperimentResult& result) {
  if (settings.run.json) {
    const Json all = {{"output", settings.run.output}, {"numbers", result.numbers}};
    std::printf("%s\n", printable_json(all).c_str());
    return;
  }
  std::string text = title + "\n";
  for (const Finding& finding : result.findings) {
    if (finding.table.head.empty()) continue;
    text += fmt::format("\n{}\n{}", finding.title, text_of(finding.table));
  }
  text += fmt::format("\nreport    {}/report.html\n", printable(settings.run.output, kUncut));
  std::fputs(text.c_str(), stdout);
}

const Experiment& experiment_named(const std::string& name) {
  return *std::find_if(experiments().begin(), experiments().end(),
                       [&](const Experiment& one) { return name == one.name; });
}

}  // namespace

int run_experiment(const Arguments& arguments) {
  ExperimentCommandSettings settings;
  Options options("experiment",
                  "Run one of the paper's experiments on the reward: its commands one after "
                  "another, each in a folder of its own, then a report with table and figure.");
  declare(options, &settings);
  if (!options.parse(arguments)) return 0;
  ExperimentSettings& e = settings.experiment;
  e.replay_ratios = numbers("experiment.replay_ratios", settings.replay_ratios, 0, 1);
  e.s_sigs = numbers("experiment.s_sigs", settings.s_sigs, 1e-6, 1e6);
  e.seed = settings.run.seed;
  e.threads = num_workers(settings.run);
  learning_rates(e);
  settings.steps.threads = settings.run.threads;
  settings.steps.program = std::filesystem::read_symlink("/proc/self/exe").string();
  start_log(settings.run.log_format, 0);
  catch_stop_signals();
  const Experiment& experiment = experiment_named(settings.name);
  RunDirectory run(settings.run.output, "experiment", options.resolved(), options.resolved(true),
                   settings.run.resume);
  ExperimentSteps steps(run.path() / "steps", settings.steps);
  const ExperimentResult result = experiment.run(e, &steps);
  write_file_atomically(run.path() / "result.json", result.numbers.dump(1) + "\n");
  write_file_atomically(run.path() / "report.html", report(experiment.title, result, steps, run));
  run.finish(0);
  print(settings, experiment.title, result);
  return 0;
}

}  // namespace arf
