// `arf fit-scorer`: the static satisfaction scorer (paper 3.1.1), from labelled texts, on one rank
// or under mpirun.
#include <chrono>
#include <iterator>
#include <optional>

#include "core/activity.h"
#include "core/file.h"
#include "core/file_stamps.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "programs/commands.h"
#include "programs/fit_report.h"
#include "programs/guarded_ranks.h"
#include "programs/scorer_run.h"
#include "programs/scorer_source.h"
#include "roles/alike_ranks.h"
#include "scoring/scorer_fit.h"

namespace arf {
namespace {

struct FitScorerSettings {
  RunSettings run;
  std::vector<std::string> corpora;
  ScorerSource source;
  FitSettings fit;
  Deadlines deadlines;
  bool baseline = true, calibrate = true;
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
  options.add("train.focal_gamma", &fit->focal_gamma, "",
              "Above 0: the focal loss, in which what the scorer is sure of counts less; 0: "
              "cross-entropy.");
  options.add_choice("train.keep", &fit->keep, {"best", "best_f1", "last"},
                     "Which state becomes the scorer: best is that of the lowest validation loss, "
                     "best_f1 that of the highest validation macro-F1.");
  options.add("train.patience", &fit->patience, "evaluations",
              "After so many without a better one (by train.keep; the loss where last is kept) "
              "the fit ends; 0: it goes through all iterations.");
  options.add("train.evaluate_every", &fit->evaluate_every, "iterations",
              "Between validations; 0: a twentieth of the run, at least 50.");
  options.add("train.evaluate_texts", &fit->evaluate_texts, "texts",
              "Most validation texts; 0: all.");
  options.add("train.checkpoint_every", &fit->checkpoint_every, "iterations",
              "Between checkpoints.");
  options.mark_no_effect_on_result("train.checkpoint_every");
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

class FitScorerCommand {
 public:
  // Collective over the ranks, as is run().
  FitScorerCommand(const FitScorerSettings& settings, const Options& options, GuardedRank& rank)
      : settings_(settings),
        world_(rank.world),
        workers_(threads_of_rank(settings.run.threads, world_), &world_),
        writes_(world_.rank() == 0) {
    const PhaseScope phase(Phase::kLoad);
    activity().roles = kScorerRole;
    world_.agree_or_throw([&] {
      if (writes_) check_run_directory(settings_.run, options);
    });
    std::optional<FileStamps> read;
    Json hashes;
    world_.agree_or_throw([&] {
      read.emplace(input_files());
      load();
    });
    world_.agree_or_throw([&] {
      hashes = inputs();
      read->require_unchanged();
    });
    require_same_inputs(world_, hashes);  // before ranks share work
    world_.agree_or_throw([&] {
      if (writes_) run_.emplace(settings_.run, options, hashes, workers_);
    });
    restore();
  }

  ExitCode run() {
    if (!train()) {
      world_.agree_or_throw([&] {
        if (writes_) run_->stop();
      });
      return ExitCode::kStopped;
    }
    const PhaseScope phase(Phase::kFinish);
    result_.kept_iteration = fit_->finish();
    const ExampleSet& texts = fit_->examples();
    if (settings_.calibrate) {
      result_.uncalibrated = measure_scorer(*scorer_, texts.test, workers_);
      result_.calibration = calibrate(&*scorer_, texts.validation, workers_);
    }
    const std::vector<Satisfaction> predicted = predict(*scorer_, texts.test, workers_);
    world_.agree_or_throw([&] {
      if (writes_) finish(predicted);
    });
    return ExitCode::kDone;
  }

 private:
  void load() {
    scorer_.emplace(make_scorer(settings_.source, settings_.run.seed));
    fit_.emplace(&*scorer_, read_labelled_texts(*scorer_, settings_.corpora, workers_.threads),
                 settings_.fit, is_from_scratch(settings_.source), settings_.run.seed, workers_);
  }

  std::vector<std::filesystem::path> input_files() const {
    auto files = scorer_source_files(settings_.source);
    for (const CorpusPart& part : corpus_parts(settings_.corpora)) {
      files.push_back(std::filesystem::path(part.path) / "index.json");
    }
    return files;
  }

  Json inputs() const {
    Json corpora = Json::array();
    for (const std::string& path : settings_.corpora)
      corpora.push_back(describe_input_corpus(path));
    return {{"corpora", corpora}, {"scorer", describe_scorer_source(settings_.source, *scorer_)}};
  }

  // Rank 0 reads the checkpoint and gives it to the others.
  void restore() {
    std::optional<SavedState> saved = writes_ ? run_->saved() : std::nullopt;
    if (!share_state(world_, &saved)) return;
    world_.agree_or_throw([&] { fit_->restore(*saved); });
    log_info("going on after iteration {}", fit_->iterations_done());
  }

  bool train() {
    const FitSettings& fit = fit_->settings();
    const ExampleSet& texts = fit_->examples();
    log_info("{} texts to train on, {} to validate, {} to test; {} iterations of {}, {} parameters",
             texts.training.size(), texts.validation.size(), texts.test.size(), fit.iterations,
             fit.batch, scorer_->num_parameters());
    Progress progress("fit-scorer", static_cast<std::size_t>(fit.iterations));
    ProgressNumbers numbers;
    while (!fit_->finished()) {
      note_iteration(fit_->iterations_done());
      const auto start = std::chrono::steady_clock::now();
      const ScorerFit::Step step = [&] {
        const PhaseScope phase(Phase::kLearn);
        return fit_->advance();
      }();
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      if (writes_) {
        const PhaseScope phase(Phase::kRecord);
        run_->look_at_checkpoint();
        run_->metrics().add(fit_metrics_line(step, fit.batch, seconds.count()));
      }
      progress.advance(static_cast<std::size_t>(step.iteration),
                       numbers.text(step, fit.batch, seconds.count()));
      if (end_iteration(step.iteration)) return false;
    }
    if (fit_->iterations_done() < fit.iterations) {
      log_info("no better state in {} evaluations: ended after iteration {}", fit.patience,
               fit_->iterations_done());
    }
    return true;
  }

  // True: stop here.
  bool end_iteration(std::int64_t iteration) {
    double wanted[] = {stop_wanted() ? 1.0 : 0.0};
    if (workers_.size() > 1) world_.max(wanted);
    const bool stop = wanted[0] > 0 && !fit_->finished();
    const std::int64_t every = settings_.fit.checkpoint_every;
    if (!stop && iteration % every != 0 && !fit_->finished()) return false;
    const PhaseScope phase(Phase::kCheckpoint);
    SavedState state;
    fit_->store(&state);
    world_.agree_or_throw([&] {
      if (writes_) run_->write_checkpoint(iteration, std::move(state));
    });
    return stop;
  }

  void finish(const std::vector<Satisfaction>& predicted) {
    const ExampleSet& texts = fit_->examples();
    std::vector<Contender> contenders = {{"scorer", predicted}};
    if (settings_.baseline) {
      log_info("fitting bags of words to the same texts");
      auto words = predict_by_words(settings_.corpora, texts, workers_.threads);
      std::move(words.begin(), words.end(), std::back_inserter(contenders));
    }
    result_.by_source = measure_by_source(texts, contenders);
    run_->save_scorer(*scorer_);
    result_.digest = scorer_digest(run_->path("scorer"));
    note_fit_result(result_, *fit_, &run_->directory());
    write_file_atomically(run_->path("report.html"), fit_report(*run_, result_, *fit_));
    run_->finish(result_.digest);
    print_fit_result(*run_, result_, *fit_, settings_.run.json);
  }

  const FitScorerSettings& settings_;
  const Communicator& world_;
  Workers workers_;
  bool writes_;  // rank 0
  std::optional<Scorer> scorer_;
  std::optional<ScorerFit> fit_;
  std::optional<ScorerRun> run_;  // rank 0's
  FitResult result_;
};

}  // namespace

int run_fit_scorer(const Arguments& arguments) {
  FitScorerSettings settings;
  Options options("fit-scorer",
                  "Train the static satisfaction scorer on every user's turn that has a "
                  "satisfaction; a twentieth of the texts validates, another one tests, where the "
                  "corpora are not in parts.");
  options.add("corpus.path", &settings.corpora, "",
              "Corpora of labelled texts, or folders that hold corpora train/, validation/ and "
              "test/, which are the parts then.");
  options.require("corpus.path");
  add_scorer_source(options, &settings.source);
  options.add("scorer.calibrate", &settings.calibrate, "",
              "Fit one temperature of the scorer's logits to the validation texts, behind the "
              "training; it changes no class and stands in the scorer's config.json.");
  add_train_keys(options, &settings.fit);
  options.add("fit.baseline", &settings.baseline, "",
              "Also fit logistic regressions on bags of words to the same texts, and measure them "
              "beside the scorer.");
  add_run_settings(options, &settings.run);
  add_resume_setting(options, &settings.run);
  add_deadline_keys(options, &settings.deadlines);
  options.require("output");
  return run_guarded(arguments, &options, settings.run, settings.deadlines, [&](GuardedRank& rank) {
    rank.world.agree_or_throw([&] {
      check_fit_settings(settings.fit);
      choose_encoder(&settings.source);
      check_scorer_source(settings.source);
    });
    FitScorerCommand command(settings, options, rank);
    return saying_errors([&] { return command.run(); });
  });
}

}  // namespace arf
