// What the roles say to each other, and in which order: the units of an iteration go from their
// generator to their scorer to their learner, and the new policy goes from rank 0 to everybody.
// Every rank walks the same schedule (roles/training_job.h), so a rank that holds several roles
// cannot wait for itself: sends never block.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "comm/communicator.h"
#include "comm/rank_layout.h"
#include "exchange/wire.h"
#include "records/feedback.h"
#include "records/rollout.h"
#include "records/trail.h"

namespace arf {

// What a rank tells of one iteration.
struct RankReport {
  double tokens_generated = 0;
  std::map<std::string, double> seconds;     // by the name of the span
  std::string spans;                         // JSON of the trace's spans
  bool stop_wanted = false;                  // a signal asked this rank to stop
  std::map<std::uint32_t, UnitTrail> units;  // hashes of those that it learnt
  std::string feed;  // JSON of what the scorer learnt at boundaries (TrainingFeed); "": nothing
};

// A unit's rewards, and who gave them.
struct ScoredUnit {
  ScorerVersion scorer;
  std::vector<ScoredRollout> rollouts;
};

// What comes of the feed before an iteration's replies are scored.
struct FeedBoundary {
  std::uint64_t files = 0, refused = 0;  // taken, and not; rank 0 knows
  std::uint64_t messages_so_far = 0;     // of all boundaries up to this one: the scorer's version
  std::vector<Feedback> messages;
};

class Conversation {
 public:
  // Keeps references.
  Conversation(Communicator& world, const RankLayout& layout) : world_(world), layout_(layout) {}

  // The units of this rank in each role, ascending.
  std::vector<std::uint32_t> units_to_generate(std::uint32_t num_units) const;
  std::vector<std::uint32_t> units_to_score(std::uint32_t num_units) const;
  std::vector<std::uint32_t> units_to_learn(std::uint32_t num_units) const;

  // Not collective: a unit's scorer and learner are named by the unit; who sampled it is not.
  // rollouts: as pack_rollouts gives them.
  void send_rollouts(std::int64_t iteration, std::uint32_t unit, std::vector<std::byte> rollouts);
  std::vector<Rollout> receive_rollouts(std::int64_t iteration, std::uint32_t unit);
  void send_scored(std::int64_t iteration, std::uint32_t unit, const ScoredUnit& scored);
  ScoredUnit receive_scored(std::int64_t iteration, std::uint32_t unit);

  // Collective over the world. Rank 0's version and parameters go to all; a rank that had come to
  // them by itself (a learner) passes what it has and is checked: a difference is a lost_error.
  void share_policy(PolicyVersion* version, std::vector<float>* parameters, bool has_it) const;

  // Collective over the world. The messages of rank 0's boundary of an iteration go to all;
  // lost_error where they come with other bits.
  void share_feed(std::int64_t iteration, FeedBoundary* boundary) const;

  // Collective over the world. All reports on rank 0, by rank; elsewhere empty.
  std::vector<RankReport> gather_reports(const RankReport& mine) const;

  // Collective over the world: rank 0 says it to all.
  bool rank_0_says(bool value) const;

 private:
  // Messages that came before they were asked for, by tag, iteration and unit.
  using Place = std::tuple<Tag, std::int64_t, std::uint32_t>;
  void send(int to, Tag tag, UnitMessage message);
  UnitMessage receive(Tag tag, std::int64_t iteration, std::uint32_t unit);

  Communicator& world_;
  const RankLayout& layout_;
  std::map<Place, UnitMessage> early_;
};

}  // namespace arf
