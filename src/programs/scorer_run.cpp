#include "programs/scorer_run.h"

#include <csignal>

#include "core/hash.h"
#include "core/log.h"
#include "core/parallel.h"
#include "data_io/corpus.h"
#include "model/ops/kernels.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

volatile std::sig_atomic_t stop_signal = 0;

void note_stop_signal(int signal) { stop_signal = signal; }

}  // namespace

int num_workers(const RunSettings& settings) {
  if (settings.threads > 0) return settings.threads;
  return usable_cores();
}

void check_run_directory(const RunSettings& settings, const Options& options) {
  RunDirectory::check(settings.output, options.command(), options.resolved(true), settings.resume);
}

ScorerRun::ScorerRun(const RunSettings& settings, const Options& options, Json inputs)
    : directory_(settings.output, options.command(), options.resolved(), options.resolved(true),
                 settings.resume),
      checkpoints_(directory_.path() / "checkpoints") {
  inputs["instruction_set"] = ops::instruction_set();  // it decides bits
  inputs_hash_ = static_cast<std::int64_t>(xxh3(inputs.dump()));
  if (directory_.resumed()) saved_ = checkpoints_.newest();
  if (saved_ && saved_->number("inputs") != inputs_hash_) {
    input_error(
        "{}: was made from other inputs (a corpus, an encoder, a tokenizer or the processor's "
        "instruction set has changed since); name another --output, or bring them back",
        saved_->path.string());
  }
  directory_.note("inputs", inputs);
  directory_.note("seed", settings.seed);
  directory_.note("layout", {{"ranks", 1}, {"threads", num_workers(settings)}});
  MetricsFile::Position at;
  if (saved_) {
    at = {static_cast<std::uint64_t>(saved_->number("metrics.bytes")),
          static_cast<std::uint64_t>(saved_->number("tensorboard.bytes"))};
  }
  metrics_.emplace(directory_.path(), at);
  std::signal(SIGTERM, note_stop_signal);
  std::signal(SIGUSR1, note_stop_signal);
}

void ScorerRun::write_checkpoint(std::int64_t step, SavedState state) {
  state.numbers["inputs"] = inputs_hash_;
  state.numbers["iteration"] = step;
  const MetricsFile::Position at = metrics_->position();
  state.numbers["metrics.bytes"] = static_cast<std::int64_t>(at.metrics_bytes);
  state.numbers["tensorboard.bytes"] = static_cast<std::int64_t>(at.tensorboard_bytes);
  checkpoints_.write(step, state);
}

bool ScorerRun::stop_requested() const { return stop_signal != 0; }

ExitCode ScorerRun::stop() {
  directory_.finish(static_cast<int>(ExitCode::kStopped));
  log_info("stopped on request; the same command goes on from the checkpoint");
  return ExitCode::kStopped;
}

void ScorerRun::save_scorer(const Scorer& scorer) {
  std::filesystem::remove_all(path("scorer"));
  scorer.save(path("scorer"));
}

void ScorerRun::finish(const std::string& digest) {
  directory_.note("digest", digest);
  directory_.finish(0);
}

Json describe_input_corpus(const std::string& path) {
  return {{"path", path}, {"digest", CorpusReader(path).index().at("digest")}};
}

std::string scorer_digest(const std::filesystem::path& scorer) {
  return sha256_of_file(find_scorer(scorer) / "model.safetensors");
}

}  // namespace arf
