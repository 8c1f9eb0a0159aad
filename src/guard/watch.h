// Judges from what guardians report whether the job still goes on. No clock and no process of its
// own: times are given to it, in seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/activity.h"

namespace arf {

struct Deadlines {
  double work = 60;    // without progress, or not heard of any more
  double start = 600;  // without progress until the first iteration; not heard of yet
};

// What one guardian saw of its worker.
struct Sighting {
  std::uint64_t steps = 0;
  Phase phase = Phase::kStart;
  std::int32_t roles = 0;
  std::int64_t iteration = -1, unit = kNoUnit;  // the one begun last
  bool begun = false, waits = false;
  std::uint64_t looks = 0;
  bool foreseen = false;
  bool finished = false;            // the run; of the own worker only, others do not tell
  std::set<std::int64_t> suspects;  // units that may be why, where the worker fails
};
Sighting sighting_of(const Activity& activity);

// How the job ends, and why: exit code, and a sentence where none was said yet.
struct Verdict {
  int code = 0;
  std::string sentence;
  std::optional<Sighting> at;  // of a rank that failed by itself: its unit may be why
};

// "unit 3", "units 2, 3 and 5"; of one or more.
std::string units_text(const std::set<std::int64_t>& units);
// "rank 3 (generator, host n2), sampling replies in iteration 7, last unit 12"
std::string rank_text(int rank, const std::string& host, const Sighting& seen);
// Of a rank that text describes so: exit 5, "TEXT: REASON; the job ends, ...", or that the run had
// finished.
Verdict lost_verdict(const std::string& text, const std::string& reason, bool finished = false);
inline constexpr const char* kNotHeardOf =
    "is not heard of any more (its host or the network is down, or it was killed)";

class Watch {
 public:
  // Of so many ranks, the first of which is rank `first`. Of one alone, whose guardian does not know
  // of the others: that it waits for them is said some seconds late, so that the guardian of a rank
  // that is stuck from the start says so first.
  Watch(int first, int num_ranks, const Deadlines& deadlines, double now);

  void saw(int rank, const std::string& host, const Sighting& sighting, double now);
  void ended(int rank);  // in order: nothing is expected of it any more
  // The first rank that has told of itself, but not for so many seconds.
  std::optional<int> silent(double now, double seconds) const;
  // Why the job cannot go on; none while it can.
  std::optional<Verdict> judge(double now) const;
  // Of a rank whose worker was killed by a signal, or whose guardian is gone.
  Verdict killed(int rank, int signal) const;
  Verdict lost(int rank) const;
  const Sighting& last_of(int rank) const;

 private:
  struct Rank {
    std::string host = "unknown";
    Sighting last;
    // Lively is one that works, or waits for others and looks for them.
    double heard = 0, progressed = 0, lively = 0;
    bool known = false, ended = false;
  };
  double deadline_of(const Rank& rank) const;
  double silence_of(const Rank& rank) const;
  Verdict stands_still(int rank, double seconds) const;
  std::string text_of(int rank) const;
  bool is_finished() const;
  Rank& of(int rank) { return ranks_.at(static_cast<std::size_t>(rank - first_)); }
  const Rank& of(int rank) const { return ranks_.at(static_cast<std::size_t>(rank - first_)); }
  int first_;
  std::vector<Rank> ranks_;
  Deadlines deadlines_;
  double patience_;  // seconds
};

}  // namespace arf
