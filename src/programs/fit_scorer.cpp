// `arf fit-scorer`: the static satisfaction scorer (paper 3.1.1), from labelled texts.
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/file.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/stop_signal.h"
#include "core/utf8.h"
#include "programs/commands.h"
#include "programs/scorer_report.h"
#include "programs/scorer_run.h"
#include "programs/scorer_source.h"
#include "scoring/scorer_fit.h"

namespace arf {
namespace {

struct FitScorerSettings {
  RunSettings run;
  std::vector<std::string> corpora;
  ScorerSource source;
  FitSettings fit;
};

void add_train_keys(Options& options, FitSettings* fit) {
  options.add("train.iterations", &fit->iterations, "iterations",
              "Optimiser steps; 0: four passes over the texts, at least 500. The paper: 20000.");
  options.add("train.batch", &fit->batch, "texts", "Texts a step (paper, table 7).");
  options.add("train.learning_rate", &fit->learning_rate, "",
              "The peak; 0: 5e-4 for drawn weights, 3e-5 for a trained encoder. The paper's 1e-6 "
              "is for a pretrained encoder and 20000 steps; drawn weights learn nothing with it.");
  options.add("train.warmup", &fit->warmup, "share of the iterations",
              "The learning rate rises over these, then falls to 0 in a line.");
  options.add("train.weight_decay", &fit->weight_decay, "", "AdamW's decoupled decay.");
  options.add("train.clip", &fit->clip, "", "Largest norm of the gradient; 0: any.");
  options.add_choice(
      "train.class_weights", &fit->class_weights, {"none", "balanced"},
      "balanced: every class has the same weight in the loss, which favours macro-F1 "
      "over accuracy where one class is rare.");
  options.add_choice("train.keep", &fit->keep, {"best", "last"},
                     "Which state becomes the scorer: best is that of the lowest validation loss.");
  options.add("train.evaluate_every", &fit->evaluate_every, "iterations",
              "Between validations; 0: a twentieth of the run, at least 50.");
  options.add("train.evaluate_texts", &fit->evaluate_texts, "texts",
              "Most validation texts; 0: all.");
  options.add("train.checkpoint_every", &fit->checkpoint_every, "iterations",
              "Between checkpoints.");
  options.mark_no_effect_on_result("train.checkpoint_every");
}

Json metrics_line(const ScorerFit::Step& step, int batch, double seconds) {
  Json line = {{"iteration", step.iteration},     {"loss", step.loss},
               {"accuracy", step.accuracy},       {"learning_rate", step.learning_rate},
               {"grad_norm", step.gradient_norm}, {"tokens/trained", step.tokens},
               {"texts/trained", batch},          {"seconds/learn", seconds}};
  if (const auto& v = step.validation) {
    line.update({{"validation/loss", v->loss},
                 {"validation/accuracy", v->accuracy},
                 {"validation/macro_f1", v->macro_f1},
                 {"validation/balanced_accuracy", v->balanced_accuracy},
                 {"validation/ece", v->ece}});
    for (std::size_t c = 0; c < 3; ++c) {
      line[fmt::format("validation/recall_{}", kClassNames[c])] = v->recall[c];
    }
  }
  return line;
}

// Numbers beside the bar: means over the last steps.
class ProgressNumbers {
 public:
  std::string text(const ScorerFit::Step& step, int batch, double seconds) {
    mix(&loss_, step.loss), mix(&accuracy_, step.accuracy), mix(&seconds_, seconds);
    if (step.validation) {
      validation_ =
          fmt::format("  validation accuracy {:.3f} macro-F1 {:.3f} loss {:.3f}",
                      step.validation->accuracy, step.validation->macro_f1, step.validation->loss);
    }
    return fmt::format("loss {:.3f}  accuracy {:.3f}  {:.0f} texts/s{}", loss_, accuracy_,
                       batch / seconds_, validation_);
  }

 private:
  void mix(double* mean, double value) const {
    *mean = *mean ? 0.95 * *mean + 0.05 * value : value;
  }
  double loss_ = 0, accuracy_ = 0, seconds_ = 0;
  std::string validation_;
};

std::vector<ChartPlan> chart_plans() {
  return {{"loss", {{"loss", "training"}, {"validation/loss", "validation"}}},
          {"accuracy", {{"accuracy", "training"}, {"validation/accuracy", "validation"}}},
          {"macro-F1 and balanced accuracy, validation",
           {{"validation/macro_f1", "macro-F1"},
            {"validation/balanced_accuracy", "balanced accuracy"}}},
          {"recall, validation",
           {{"validation/recall_bad", "bad"},
            {"validation/recall_neutral", "neutral"},
            {"validation/recall_good", "good"}}},
          {"calibration error, validation", {{"validation/ece", "ECE"}}},
          {"learning rate", {{"learning_rate", "learning rate"}}},
          {"gradient norm", {{"grad_norm", "before clipping"}}}};
}

struct FitResult {
  std::int64_t kept_iteration = 0;
  Measures test;
  std::string digest;
};

class FitScorerCommand {
 public:
  FitScorerCommand(const FitScorerSettings& settings, const Options& options)
      : settings_(settings),
        threads_(num_workers(settings.run)),
        scorer_(make_scorer(settings.source, settings.run.seed)),
        fit_(&scorer_, read_labelled_texts(scorer_, settings.corpora, threads_), settings.fit,
             is_from_scratch(settings.source), settings.run.seed, threads_),
        run_(settings.run, options, inputs(), threads_) {
    if (run_.saved()) {
      fit_.restore(*run_.saved());
      log_info("going on after iteration {}", fit_.iterations_done());
    }
  }

  ExitCode run() {
    if (!train()) return run_.stop();
    result_.kept_iteration = fit_.finish();
    result_.test = measure_scorer(scorer_, fit_.examples().test, threads_);
    run_.save_scorer(scorer_);
    result_.digest = scorer_digest(run_.path("scorer"));
    note_result();
    write_file_atomically(run_.path("report.html"), report());
    run_.finish(result_.digest);
    settings_.run.json ? print_json() : print_text();
    return ExitCode::kDone;
  }

 private:
  Json inputs() const {
    Json corpora = Json::array();
    for (const std::string& path : settings_.corpora)
      corpora.push_back(describe_input_corpus(path));
    return {{"corpora", corpora}, {"scorer", describe_scorer_source(settings_.source, scorer_)}};
  }

  bool train() {
    const FitSettings& fit = fit_.settings();
    const ExampleSet& texts = fit_.examples();
    log_info("{} texts to train on, {} to validate, {} to test; {} iterations of {}, {} parameters",
             texts.training.size(), texts.validation.size(), texts.test.size(), fit.iterations,
             fit.batch, scorer_.num_parameters());
    Progress progress("fit-scorer", static_cast<std::size_t>(fit.iterations));
    ProgressNumbers numbers;
    while (!fit_.finished()) {
      const auto start = std::chrono::steady_clock::now();
      const auto step = fit_.advance();
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      run_.look_at_checkpoint();
      run_.metrics().add(metrics_line(step, fit.batch, seconds.count()));
      progress.advance(static_cast<std::size_t>(step.iteration),
                       numbers.text(step, fit.batch, seconds.count()));
      const bool stop = stop_wanted() && !fit_.finished();
      if (stop || step.iteration % fit.checkpoint_every == 0 || fit_.finished()) {
        SavedState state;
        fit_.store(&state);
        run_.write_checkpoint(step.iteration, std::move(state));
      }
      if (stop) return false;
    }
    return true;
  }

  void note_result() {
    const ExampleSet& texts = fit_.examples();
    run_.directory().note("texts", {{"training", texts.training.size()},
                                    {"validation", texts.validation.size()},
                                    {"test", texts.test.size()}});
    run_.directory().note("kept_iteration", result_.kept_iteration);
    run_.directory().note("test", to_json(result_.test));
  }

  std::string report() const {
    HtmlPage page("Static scorer",
                  fmt::format("Fitted in {} iterations of {} texts; kept: {}. The test texts were "
                              "neither trained on nor used to choose what is kept.",
                              fit_.settings().iterations, fit_.settings().batch, kept_text()));
    page.table(measures_table({{"test", result_.test}}));
    page.table(classes_table(result_.test));
    page.section("Curves", "Means over a batch; validation at intervals.");
    page.figures(charts_of(run_.metrics().lines(), "iteration", "iteration", chart_plans()));
    add_run_section(&page, read_json(run_.path("manifest.json")),
                    read_file(run_.path("config.ini")));
    return page.html();
  }

  std::string kept_text() const {
    return fmt::format("the state after iteration {} ({})", result_.kept_iteration,
                       settings_.fit.keep == "best" ? "lowest validation loss" : "the last");
  }

  void print_text() const {
    const ExampleSet& texts = fit_.examples();
    std::printf(
        "scorer    %s\ntexts     %zu trained on, %zu to validate, %zu to test\n"
        "kept      %s\ntest      %sdigest    %s\n",
        printable(run_.path("scorer").string(), kUncut).c_str(), texts.training.size(),
        texts.validation.size(), texts.test.size(), kept_text().c_str(),
        measures_text(result_.test, "          ").c_str(), result_.digest.c_str());
  }

  void print_json() const {
    const Json result = {{"output", settings_.run.output},
                         {"scorer", run_.path("scorer").string()},
                         {"iterations", fit_.settings().iterations},
                         {"kept_iteration", result_.kept_iteration},
                         {"test", to_json(result_.test)},
                         {"digest", result_.digest}};
    std::printf("%s\n", printable_json(result).c_str());
  }

  const FitScorerSettings& settings_;
  int threads_;
  Scorer scorer_;
  ScorerFit fit_;
  ScorerRun run_;
  FitResult result_;
};

}  // namespace

int run_fit_scorer(const Arguments& arguments) {
  FitScorerSettings settings;
  Options options("fit-scorer",
                  "Train the static satisfaction scorer on every user's turn that has a "
                  "satisfaction; a twentieth of the texts validates, another one tests.");
  options.add("corpus.path", &settings.corpora, "", "Corpora of labelled texts.");
  options.require("corpus.path");
  add_scorer_source(options, &settings.source);
  add_train_keys(options, &settings.fit);
  add_run_settings(options, &settings.run);
  add_resume_setting(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  catch_stop_signals();
  at::set_num_threads(1);
  check_fit_settings(settings.fit);
  choose_encoder(&settings.source);
  check_scorer_source(settings.source);
  check_run_directory(settings.run, options);
  return static_cast<int>(FitScorerCommand(settings, options).run());
}

}  // namespace arf
