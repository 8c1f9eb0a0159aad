// The feed of a training run: at the boundary before an iteration's replies are scored, the scorer
// ranks take the same steps on the same messages, which rank 0 has recorded. With staleness k that
// is k iterations before they are learnt; what the scorer comes to is a function of the record, the
// seed and the scorer that it began as, and of no policy or layout.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "comm/rank_layout.h"
#include "core/json.h"
#include "data_io/state_store.h"
#include "exchange/conversation.h"
#include "roles/feed_taker.h"
#include "roles/train_settings.h"
#include "scoring/feed_learner.h"

namespace arf {

class TrainingFeed {
 public:
  // Collective over the world. Keeps references.
  TrainingFeed(const TrainSettings& settings, Communicator& world, const RankLayout& layout,
               const Conversation& conversation, int num_threads);

  // What a run begins with. Rank 0's folder or record; of a rank that scores (scorer: its own, else
  // null) the static scorer and the replayed texts. input_error.
  void load(Scorer* scorer);
  std::vector<std::filesystem::path> input_files() const;  // of inputs()
  void describe_inputs(Json* inputs) const;                // hashes of what this rank reads
  void open(const std::filesystem::path& run);             // rank 0
  // Collective over the world. state: rank 0's checkpoint (keys "scorer.*"), if it has one.
  void restore(const SavedState* state, std::int64_t next_iteration);

  // Collective over the world: the boundary before `iteration`.
  void take(std::int64_t iteration);
  ScorerVersion version() const;  // of a rank that scores
  // Messages that the scorer has taken which gives the iteration's rewards.
  std::uint64_t messages_of(std::int64_t iteration) const { return messages_.at(iteration); }

  // Since the last call, for RankReport::feed; and rank 0's line of metrics of an iteration.
  std::string report();
  void add_numbers(const std::vector<RankReport>& reports, std::int64_t iteration, Json* line);

  // Collective over the world. Rank 0 holds then what a checkpoint of next_iteration needs.
  void gather_state(std::int64_t next_iteration);
  void store(SavedState* checkpoint) const;  // rank 0
  // Rank 0: the scorer as the run has left it. scorer: one of its kind, which becomes it.
  void save_scorer(Scorer* scorer, const std::filesystem::path& folder) const;

 private:
  bool scores() const { return learner_.has_value(); }
  void learn(std::int64_t iteration, const std::vector<Feedback>& messages);
  void forget(std::int64_t iteration);
  SavedState state_before(std::int64_t iteration) const;
  void send_state(int to, const SavedState& state);
  SavedState receive_state(int from);

  const TrainSettings& settings_;
  Communicator& world_;
  const RankLayout& layout_;
  const Conversation& conversation_;
  int num_threads_;
  Communicator scorers_;  // the ranks that score
  std::optional<FeedTaker> taker_;
  std::optional<Scorer> static_scorer_;
  std::optional<FeedLearner> learner_;
  // With staleness the scorer is ahead of what is learnt: as it was before boundaries that brought
  // messages. As a rule there is none.
  std::map<std::int64_t, SavedState> before_;
  std::map<std::int64_t, std::uint64_t> messages_;  // taken up to each of the last boundaries
  Json reported_ = Json::object();                  // by iteration
  std::map<std::int64_t, Json> numbers_;            // rank 0's
  SavedState state_;                                // rank 0's
};

}  // namespace arf
