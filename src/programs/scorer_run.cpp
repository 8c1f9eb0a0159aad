#include "programs/scorer_run.h"

#include <bit>

#include "core/activity.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/parallel.h"
#include "data_io/corpus.h"
#include "data_io/safetensors_folder.h"
#include "model/ops/arithmetic.h"
#include "scoring/labelled_texts.h"
#include "scoring/scorer_files.h"

namespace arf {

int num_workers(const RunSettings& settings) {
  if (settings.threads > 0) return settings.threads;
  return usable_cores();
}

void check_run_directory(const RunSettings& settings, const Options& options) {
  RunDirectory::check(settings.output, options.command(), options.resolved(true), settings.resume);
}

ScorerRun::ScorerRun(const RunSettings& settings, const Options& options, const Json& inputs,
                     const Workers& workers)
    : directory_(settings.output, options.command(), options.resolved(), options.resolved(true),
                 settings.resume),
      checkpoints_(directory_.path() / "checkpoints") {
  const Json decisive = {{"inputs", inputs},
                         {"configuration", options.resolved(true)},
                         {"arithmetic", ops::arithmetic()}};
  inputs_hash_ = static_cast<std::int64_t>(xxh3(decisive.dump()));
  if (directory_.resumed()) saved_ = checkpoints_.newest();
  if (saved_) saved_->require_inputs(inputs_hash_);
  directory_.note("inputs", inputs);
  directory_.note("seed", settings.seed);
  directory_.note("arithmetic", ops::arithmetic());
  directory_.note("layout", {{"ranks", workers.size()}, {"threads", workers.threads}});
  MetricsFile::Position at;
  if (saved_) {
    const auto bytes = [&](const char* name) {
      return static_cast<std::uint64_t>(saved_->number(name, 0, INT64_MAX));
    };
    at = {bytes("metrics.bytes"), bytes("tensorboard.bytes")};
  }
  metrics_.emplace(directory_.path(), at);
}

void ScorerRun::write_checkpoint(std::int64_t step, SavedState state) {
  const PhaseScope phase(Phase::kCheckpoint);
  state.numbers["inputs"] = inputs_hash_;
  state.numbers["iteration"] = step;
  const MetricsFile::Position at = metrics_->position();
  state.numbers["metrics.bytes"] = static_cast<std::int64_t>(at.metrics_bytes);
  state.numbers["tensorboard.bytes"] = static_cast<std::int64_t>(at.tensorboard_bytes);
  auto write = [this, step, state = std::move(state)] {
    directory_.require_in_place();
    metrics_->sync();
    checkpoints_.write(step, state);
  };
  checkpoint_writer_.start(std::move(write));
}

void ScorerRun::look_at_checkpoint() {
  directory_.require_in_place();
  checkpoint_writer_.look();
}

ExitCode ScorerRun::stop() {
  const PhaseScope phase(Phase::kCheckpoint);
  checkpoint_writer_.wait();
  directory_.finish(static_cast<int>(ExitCode::kStopped));
  log_info("stopped on request; the same command goes on from the checkpoint");
  return ExitCode::kStopped;
}

void ScorerRun::save_scorer(const Scorer& scorer) {
  const PhaseScope phase(Phase::kCheckpoint);
  directory_.require_in_place();
  checkpoint_writer_.wait();
  std::filesystem::remove_all(path("scorer"));
  scorer.save(path("scorer"));
}

void ScorerRun::finish(const std::string& digest) {
  directory_.note("digest", digest);
  directory_.finish(0);
}

bool share_state(const Communicator& world, std::optional<SavedState>* state) {
  if (world.size() == 1) return state->has_value();
  // What it holds, by name; the arrays themselves travel as they are.
  Json names;
  if (*state) {
    for (const auto& [name, array] : (*state)->arrays) names["arrays"][name] = array.size();
    names["numbers"] = (*state)->numbers;
    for (const auto& [name, sum] : (*state)->sums) {
      names["sums"][name] = std::bit_cast<std::uint64_t>(sum);
    }
  }
  std::string text = names.dump();
  world.broadcast(&text, 0);
  names = Json::parse(text);
  if (names.is_null()) return false;
  if (!*state) {
    state->emplace();
    for (const auto& [name, size] : names["arrays"].items()) {
      (*state)->arrays[name].resize(size.get<std::size_t>());
    }
    names["numbers"].get_to((*state)->numbers);
    for (const auto& [name, bits] : names["sums"].items()) {
      (*state)->sums[name] = std::bit_cast<double>(bits.get<std::uint64_t>());
    }
  }
  for (auto& [name, array] : (*state)->arrays) world.broadcast(array, 0);
  return true;
}

Json describe_input_corpus(const std::string& path) {
  const std::vector<CorpusPart> parts = corpus_parts({path});
  if (!parts.front().side) return {{"path", path}, {"digest", CorpusReader(path).digest()}};
  Json digests = Json::array();
  for (const CorpusPart& part : parts) digests.push_back(describe_input_corpus(part.path));
  return {{"path", path}, {"parts", digests}};
}

std::string scorer_digest(const std::filesystem::path& scorer) {
  return SafetensorsFolder::digest_in(find_scorer(scorer));
}

}  // namespace arf
