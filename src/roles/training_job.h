// A training run: the ranks in their roles, walking one schedule together.
//
// With staleness k, iteration i learns from replies of policy max(0, i - k), exactly. Every rank
// does its part of these steps, in this order, and nothing of the result depends on which part:
//
//   for j < k:  share max(0, j - k), generate j, score j;   share 0;
//   then for i:  generate i + k, score i + k, learn i, share i + 1
//
// Where a feed is on, the scorer takes what has come of it before it scores (training_feed.h).
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "comm/rank_layout.h"
#include "config/options.h"
#include "core/error.h"
#include "data_io/checkpoint_writer.h"
#include "data_io/held_weights.h"
#include "data_io/run_directory.h"
#include "data_io/state_store.h"
#include "data_io/trace_file.h"
#include "data_io/unit_journal.h"
#include "exchange/conversation.h"
#include "guard/unit_counter.h"
#include "roles/generator_role.h"
#include "roles/learner_role.h"
#include "roles/run_log.h"
#include "roles/scorer_role.h"
#include "roles/train_settings.h"
#include "roles/training_data.h"
#include "roles/training_feed.h"
#include "scoring/scorer.h"

namespace arf {

// In a run's directory: units that ranks failed at (guard/failures.h).
inline constexpr const char* kFailuresFile = "failures.jsonl";

class TrainingJob {
 public:
  // Collective over the world: opens the run's directory, reads the inputs, goes back to the newest
  // checkpoint. Every rank throws the same error where one of them fails. Keeps references.
  TrainingJob(const TrainSettings& settings, const Options& options, Communicator& world,
              UnitCounter* counter);

  // Collective over the world. kDone, or kStopped where a signal asked to stop.
  ExitCode run();
  // Rank 0's: of what decides the result beside the configuration.
  std::uint64_t inputs_hash() const { return static_cast<std::uint64_t>(inputs_hash_); }

 private:
  void check_directory(const Options& options);
  void load();
  void refuse_other_inputs(const Json& inputs);
  void refuse_failing_unit();
  void take_roles();
  const Scorer* scorer_of_report() const;
  std::vector<std::filesystem::path> input_files() const;
  Json describe_inputs() const;
  void open_directory(const Options& options, const Json& inputs);
  void restore();
  void read_journal();
  void hold_units_of_journal();
  PolicyVersion require_held_unit(UnitJournal::Place place, const std::vector<std::byte>& bytes,
                                  const Generator& generator);
  void share(PolicyVersion version, std::vector<float> parameters);
  void share_newest();
  void share_older(std::int64_t number);
  void prepare(std::int64_t iteration);
  std::set<std::uint32_t> send_held(std::int64_t iteration);
  void learn(std::int64_t iteration);
  double take_num_tokens();  // sampled since the last call, the journal's units counted
  bool end_iteration(std::int64_t iteration);  // true: stop here
  void log_iteration(std::int64_t iteration, const std::vector<RankReport>& reports);
  void write_checkpoint(std::int64_t next_iteration);
  void finish();

  const TrainSettings& settings_;
  Communicator& world_;
  RankLayout layout_;
  Communicator learners_;
  Conversation conversation_;
  std::optional<TrainingFeed> feed_;
  SpanRecorder spans_;
  int num_threads_ = 1;
  bool writes_;  // rank 0

  UnitCounter* counter_;
  UnitJournal journal_;
  std::optional<HeldWeights> weights_;  // of a rank that has a model, unless they were drawn

  std::optional<RunDirectory> directory_;
  std::optional<Tokenizer> tokenizer_;
  std::optional<ChatTemplate> chat_;
  std::optional<TrainingData> data_;
  std::optional<Decoder> decoder_;
  std::optional<GeneratorRole> generator_;
  std::optional<ScorerRole> scorer_;
  std::optional<Scorer> report_scorer_;  // of the rank that writes, where it is no scorer
  std::optional<LearnerRole> learner_;
  std::optional<RunLog> log_;
  std::optional<Alarms> alarms_;
  std::optional<StateStore> checkpoints_;
  CheckpointWriter checkpoint_writer_;

  bool has_rollouts_ = false;
  int staleness_ = 0;                // of rollouts
  std::optional<SavedState> saved_;  // the checkpoint to go on from, until it is restored
  std::int64_t inputs_hash_ = 0;
  std::int64_t first_iteration_ = 0;
  PolicyVersion version_;                 // the newest that was shared
  std::deque<std::vector<float>> older_;  // parameters of those before it, the newest last
  std::map<std::uint64_t, PolicyVersion> versions_;  // by number, the last few
  std::optional<UpdateResult> update_;

  // What the journal holds of iterations after the checkpoint: by which policy, on every rank, and
  // where, on rank 0.
  std::map<UnitJournal::Place, PolicyVersion> held_;
  std::map<UnitJournal::Place, UnitJournal::Record> held_records_;
  double held_tokens_ = 0;  // sent since the last report
};

}  // namespace arf
