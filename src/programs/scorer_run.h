// What `fit-scorer` and `track` share: a run that trains a scorer, with its directory, checkpoints
// and metrics. Of several ranks, rank 0 has it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "comm/communicator.h"
#include "config/options.h"
#include "core/json.h"
#include "data_io/checkpoint_writer.h"
#include "data_io/metrics_file.h"
#include "data_io/run_directory.h"
#include "data_io/state_store.h"
#include "scoring/scorer.h"
#include "scoring/workers.h"

namespace arf {

// --run.threads, or where it is 0 the cores that this process may use.
int num_workers(const RunSettings& settings);

// The errors of opening the run's directory, before minutes of reading; nothing is made.
void check_run_directory(const RunSettings& settings, const Options& options);

class ScorerRun {
 public:
  // Opens the directory. inputs: what the result depends on beside the configuration, with hashes;
  // kept in the manifest. input_error where a resumed run's checkpoint is of other inputs.
  ScorerRun(const RunSettings& settings, const Options& options, const Json& inputs,
            const Workers& workers);

  // The newest checkpoint of an interrupted run.
  const std::optional<SavedState>& saved() const { return saved_; }
  // Returns while it is being written, behind the one before; what that one throws comes here.
  void write_checkpoint(std::int64_t step, SavedState state);
  // Between two steps: throws why the checkpoint could not be written, once that is known, and
  // where the directory is not there any more.
  void look_at_checkpoint();
  // Ends with 85, behind a checkpoint.
  ExitCode stop();

  RunDirectory& directory() { return directory_; }
  const RunDirectory& directory() const { return directory_; }
  MetricsFile& metrics() { return *metrics_; }
  const MetricsFile& metrics() const { return *metrics_; }
  std::filesystem::path path(const std::string& name) const { return directory_.path() / name; }

  // Writes scorer/; one that a killed run left behind is written again.
  void save_scorer(const Scorer& scorer);
  // Notes the digest and ends the run; the report is written before.
  void finish(const std::string& digest);

 private:
  RunDirectory directory_;
  StateStore checkpoints_;
  std::int64_t inputs_hash_;
  std::optional<SavedState> saved_;
  std::optional<MetricsFile> metrics_;
  CheckpointWriter checkpoint_writer_;
};

// Collective. Rank 0's state goes to all; false where it has none.
bool share_state(const Communicator& world, std::optional<SavedState>* state);

// {"path", "digest"} of a corpus; {"path", "parts"} of one in parts.
Json describe_input_corpus(const std::string& path);
// SHA-256 of a scorer's model.safetensors, as `arf inspect` prints it.
std::string scorer_digest(const std::filesystem::path& scorer);

}  // namespace arf
