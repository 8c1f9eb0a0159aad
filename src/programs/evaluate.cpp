// arf evaluate: adapters and models on the same held-out prompts, under one frozen scorer.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

#include "core/file.h"
#include "core/file_stamps.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/held_weights.h"
#include "data_io/run_directory.h"
#include "data_io/safetensors_folder.h"
#include "evaluation/results.h"
#include "evaluation/true_satisfaction.h"
#include "model/ops/arithmetic.h"
#include "programs/commands.h"
#include "programs/model_options.h"
#include "programs/sampling_options.h"
#include "programs/scorer_run.h"
#include "roles/training_result.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

struct EvaluateSettings {
  RunSettings run;
  ModelSettings model;
  std::string scorer, baseline;
  std::vector<std::string> corpora;
  std::vector<std::string> adapters;
  std::uint64_t prompts = 256;
  bool base = true;
  EvaluationSettings evaluation;
};

void declare(Options& options, EvaluateSettings* s) {
  add_model_settings(options, &s->model);
  add_chat_settings(options, &s->model);
  options.add("evaluate.adapters", &s->adapters, "",
              "What is compared: folders of adapters, of runs or of models, DIR or NAME=DIR each.");
  options.add("evaluate.base", &s->base, "", "Compare the base model, too.");
  options.add("evaluate.baseline", &s->baseline, "",
              "Name of what ratios are taken to; empty: sft, or else the first that is not the "
              "base.");
  options.add("scorer.path", &s->scorer, "", "The frozen scorer, or the run that made it.");
  options.require("scorer.path");
  options.add("corpus.path", &s->corpora, "",
              "Corpora of the held-out prompts; their rows follow one another.");
  options.require("corpus.path");
  options.add("evaluate.prompts", &s->prompts, "prompts",
              "How many, drawn from run.seed; fewer where there are fewer.");
  options.add("evaluate.resamples", &s->evaluation.resamples, "",
              "Resamples of the bootstrap behind the 95 % intervals.");
  SamplingSettings& sampling = s->evaluation.sampling;
  options.add("generate.max_tokens", &sampling.max_new_tokens, "tokens", "Longest reply.");
  add_sampling_settings(options, &sampling,
                        " The KL divergence is without bias at 1 and with all tokens.");
  options.add("generate.max_context", &sampling.max_context, "tokens",
              "Longest dialogue; 0: the model's context.");
  options.at_least("generate.max_context", 0);
  add_run_settings(options, &s->run);
  add_resume_setting(options, &s->run);
  options.require("output");
}

void check(const EvaluateSettings& settings) {
  if (settings.prompts == 0) usage_error("--evaluate.prompts is 0; it takes a number from 1");
  if (settings.evaluation.resamples < 1) {
    usage_error("--evaluate.resamples is {}; it takes a number from 1",
                settings.evaluation.resamples);
  }
  check_model_settings(settings.model);
}

// Everything that the contestants share, and the evaluation of all of them.
class EvaluateCommand {
 public:
  EvaluateCommand(const EvaluateSettings& settings, const Options& options)
      : settings_(settings),
        places_(find_contestants(settings.adapters, settings.base)),
        baseline_(find_baseline(places_, settings.baseline)),
        read_(input_files(settings)),
        weights_(held_weights(settings)),
        tokenizer_(load_model_tokenizer(settings.model)),
        chat_(tokenizer_, settings.model.chat),
        base_(load_decoder(settings.model, settings.run.seed, &tokenizer_)),
        scorer_(Scorer::load(settings.scorer)),
        corpus_(settings.corpora),
        held_out_(choose_held_out(corpus_, chat_, settings.prompts, settings.run.seed)),
        evaluation_(base_, tokenizer_, chat_, scorer_, held_out_, true_satisfaction_if_known,
                    settings.evaluation) {
    base_.freeze();
    // What is wrong should show now, and leave no directory behind.
    Generator(base_, tokenizer_, chat_, settings.evaluation.sampling);
    for (const ContestantPlace& place : places_) evaluation_.check(place);
    if (held_out_.num_prompts < settings.prompts) {
      log_warning("{} holds {} prompts, not {}; all are used", corpus_.names(),
                  held_out_.num_prompts, settings.prompts);
    }
    inputs_ = describe_inputs();
    read_.require_unchanged();
    open_directory(options);
  }

  void run() {
    EvaluationSummary summary;
    try {
      summary.results = run_all();
      evaluation_.compare(&summary.results, baseline_);
    } catch (const Error& error) {
      if (error.code() == ExitCode::kInput) directory_->withdraw();
      throw;
    }
    summary.baseline = baseline_;
    summary.num_prompts = summary.results[baseline_].replies.size();
    summary.num_dialogues = held_out_.dialogues.size();
    summary.settings = settings_.evaluation;
    summary.inputs = inputs_;
    write(summary);
    if (settings_.run.json) {
      std::printf("%s\n", printable_json(evaluation_json(summary)).c_str());
    } else {
      std::printf("%sreport    %s\n", evaluation_table(summary).c_str(),
                  printable((directory_->path() / "report.html").string(), kUncut).c_str());
    }
  }

 private:
  static std::vector<std::filesystem::path> input_files(const EvaluateSettings& settings) {
    auto files = scorer_files(settings.scorer);
    for (const auto& file : model_files(settings.model)) files.push_back(file);
    return files;
  }

  static std::optional<HeldWeights> held_weights(const EvaluateSettings& settings) {
    if (settings.model.random_weights) return {};
    return std::optional<HeldWeights>(settings.model.path);
  }

  Json describe_inputs() const {
    Json hashes = {{"tokenizer", sha256_hex(tokenizer_.json())},
                   {"scorer", scorer_digest(settings_.scorer)},
                   {"corpora", corpus_.description()},
                   {"end_tokens", settings_.evaluation.sampling.end_tokens}};
    if (!settings_.model.random_weights) {
      hashes["model"] = SafetensorsFolder::digest_in(settings_.model.path);
    }
    return hashes;
  }

  void open_directory(const Options& options) {
    directory_.emplace(settings_.run.output, options.command(), options.resolved(),
                       options.resolved(true), settings_.run.resume);
    directory_->note("inputs", inputs_);
    directory_->note("seed", settings_.run.seed);
    directory_->note("arithmetic", ops::arithmetic());  // it decides bits
    directory_->note("layout", {{"ranks", 1}, {"threads", settings_.evaluation.threads}});
  }

  std::vector<ContestantResult> run_all() {
    Progress progress("evaluate", held_out_.num_prompts * places_.size(), "replies");
    progress.advance(0);
    std::mutex mutex;
    std::vector<ContestantResult> results;
    for (const ContestantPlace& place : places_) {
      const std::size_t before = results.size() * held_out_.num_prompts;
      std::size_t most = 0;  // of reports that overtake one another
      results.push_back(evaluation_.run(place, [&](std::size_t done) {
        const std::lock_guard lock(mutex);
        most = std::max(most, done);
        progress.advance(before + most, place.name);
      }));
      if (weights_) weights_->require_unwritten();
    }
    return results;
  }

  void write(const EvaluationSummary& summary) {
    const auto& path = directory_->path();
    const std::string replies = replies_jsonl(summary, held_out_);
    write_file_atomically(path / "replies.jsonl", replies);
    write_file_atomically(path / "evaluation.csv", evaluation_csv(summary));
    write_file_atomically(path / "report.html", evaluation_report(summary));
    write_file_atomically(path / "evaluation.json", evaluation_json(summary).dump(2) + "\n");
    Json hashes = Json::object();
    for (const ContestantResult& result : summary.results) {
      if (!result.hash.empty()) hashes[result.place.name] = result.hash;
    }
    directory_->note("methods", hashes);
    directory_->note("digest", sha256_hex(replies));  // of what must be reproducible: no times
    directory_->finish(0);
  }

  const EvaluateSettings& settings_;
  std::vector<ContestantPlace> places_;
  std::size_t baseline_;
  FileStamps read_;
  std::optional<HeldWeights> weights_;  // unless they were drawn
  Tokenizer tokenizer_;
  ChatTemplate chat_;
  Decoder base_;
  Scorer scorer_;
  CorpusList corpus_;
  HeldOut held_out_;
  Evaluation evaluation_;
  Json inputs_;
  std::optional<RunDirectory> directory_;
};

}  // namespace

int run_evaluate(const Arguments& arguments) {
  EvaluateSettings settings;
  Options options("evaluate",
                  "Compare adapters and models on the same held-out prompts under one frozen "
                  "scorer, with paired 95 % intervals.");
  declare(options, &settings);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  at::set_num_threads(1);
  check(settings);
  settings.evaluation.sampling.end_tokens = read_end_tokens(settings.model);
  settings.evaluation.seed = settings.run.seed;
  settings.evaluation.threads = num_workers(settings.run);
  check_run_directory(settings.run, options);
  EvaluateCommand(settings, options).run();
  return 0;
}

}  // namespace arf
