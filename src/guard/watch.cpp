#include "guard/watch.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <iterator>

#include "core/error.h"
#include "core/unit_scope.h"

namespace arf {
namespace {

constexpr double kPatienceAlone = 2;  // seconds

std::string roles_text(std::int32_t roles) {
  std::vector<const char*> names;
  if (roles & kLearnerRole) names.push_back("learner");
  if (roles & kScorerRole) names.push_back("scorer");
  if (roles & kGeneratorRole) names.push_back("generator");
  return names.empty() ? "no role yet" : fmt::format("{}", fmt::join(names, " and "));
}

}  // namespace

Sighting sighting_of(const Activity& activity) {
  Sighting seen;
  seen.steps = activity.steps;
  seen.phase = static_cast<Phase>(activity.phase.load());
  seen.roles = activity.roles;
  seen.iteration = activity.iteration;
  seen.unit = activity.unit;
  seen.begun = activity.begun;
  seen.waits = activity.waits;
  seen.looks = activity.looks;
  seen.foreseen = activity.foreseen;
  seen.finished = activity.finished;
  seen.suspects = suspects(activity);
  return seen;
}

Watch::Watch(int first, int num_ranks, const Deadlines& deadlines, double now)
    : first_(first),
      ranks_(static_cast<std::size_t>(num_ranks)),
      deadlines_(deadlines),
      patience_(num_ranks > 1 ? 0 : kPatienceAlone) {
  for (Rank& rank : ranks_) rank.heard = rank.progressed = rank.lively = now;
}

void Watch::saw(int rank, const std::string& host, const Sighting& sighting, double now) {
  Rank& seen = of(rank);
  seen.host = host;
  seen.heard = now;
  seen.known = true;
  if (sighting.steps != seen.last.steps) seen.progressed = seen.lively = now;
  if (sighting.looks != seen.last.looks) seen.lively = now;
  seen.last = sighting;
}

void Watch::ended(int rank) { of(rank).ended = true; }

double Watch::deadline_of(const Rank& rank) const {
  return rank.last.begun ? deadlines_.work : deadlines_.start;
}

// Guardians tell of themselves while their workers load, too.
double Watch::silence_of(const Rank& rank) const {
  return rank.known ? deadlines_.work : deadlines_.start;
}

std::optional<int> Watch::silent(double now, double seconds) const {
  for (int r = first_; r < first_ + static_cast<int>(ranks_.size()); ++r) {
    if (of(r).known && !of(r).ended && now - of(r).heard > seconds) return r;
  }
  return {};
}

std::string units_text(const std::set<std::int64_t>& units) {
  const auto last = std::prev(units.end());
  if (last == units.begin()) return fmt::format("unit {}", *last);
  return fmt::format("units {} and {}", fmt::join(units.begin(), last, ", "), *last);
}

std::string rank_text(int rank, const std::string& host, const Sighting& seen) {
  std::string text = fmt::format("rank {} ({}, host {}), {}", rank, roles_text(seen.roles), host,
                                 seen.finished ? "ending" : phase_text(seen.phase));
  if (seen.finished) return text;
  if (seen.iteration >= 0) text += fmt::format(" in iteration {}", seen.iteration);
  if (seen.suspects.size() > 1) return text + ", at " + units_text(seen.suspects);
  const std::int64_t last = seen.suspects.empty() ? seen.unit : *seen.suspects.begin();
  if (last >= 0) text += fmt::format(", last unit {}", last);
  return text;
}

Verdict lost_verdict(const std::string& text, const std::string& reason, bool finished) {
  return {static_cast<int>(ExitCode::kLost),
          fmt::format("{}: {}; {}", text, reason,
                      finished ? "the run had finished, and its results are whole"
                               : "the job ends, and the same command goes on from its last "
                                 "checkpoint"),
          {}};
}

// Rank 0 writes the results; who does not watch it knows of his own rank only.
bool Watch::is_finished() const { return ranks_.front().last.finished; }

const Sighting& Watch::last_of(int rank) const { return of(rank).last; }

std::string Watch::text_of(int rank) const {
  const Rank& seen = of(rank);
  return rank_text(rank, seen.host, seen.last);
}

std::optional<Verdict> Watch::judge(double now) const {
  int stuck = -1, gone = -1, longest_wait = -1, stillest = -1;
  bool all_wait = true;
  const auto waited = [&](int rank) { return now - of(rank).progressed; };
  const auto still = [&](int rank) { return now - of(rank).lively; };
  for (int r = first_; r < first_ + static_cast<int>(ranks_.size()); ++r) {
    const Rank& rank = of(r);
    if (rank.ended) continue;
    const double deadline = deadline_of(rank);
    if (now - rank.heard > silence_of(rank)) gone = gone < 0 ? r : gone;
    all_wait = all_wait && waited(r) > deadline + patience_ && rank.last.waits;
    if (still(r) > deadline && (stuck < 0 || still(r) > still(stuck))) stuck = r;
    if (stillest < 0 || still(r) > still(stillest)) stillest = r;
    if (longest_wait < 0 || waited(r) > waited(longest_wait)) longest_wait = r;
  }
  if (gone >= 0) return lost(gone);
  if (stuck < 0 && (longest_wait < 0 || !all_wait)) return {};
  // Where messages come through one way only, a lost rank was heard of for a while.
  if (const auto rank = silent(now, deadlines_.work / 2)) return lost(*rank);
  if (stuck >= 0) return stands_still(stuck, still(stuck));
  // One that was stopped while it waited is soon found to be stuck, and the others wait for it.
  if (still(stillest) > deadlines_.work / 2) return {};
  const char* const whom =
      ranks_.size() > 1 ? "all ranks wait for one another" : "waited for other ranks";
  return lost_verdict(text_of(longest_wait),
                      fmt::format("{}, for {:.0f} s", whom, waited(longest_wait)), is_finished());
}

Verdict Watch::stands_still(int rank, double seconds) const {
  Verdict verdict = lost_verdict(
      text_of(rank), fmt::format("made no progress for {:.0f} s", seconds), is_finished());
  verdict.at = of(rank).last;
  return verdict;
}

// Signal 9 comes from outside; a crash is the rank's own.
Verdict Watch::killed(int rank, int signal) const {
  Verdict verdict = lost_verdict(
      text_of(rank), fmt::format("was killed by signal {} ({})", signal, ::strsignal(signal)),
      is_finished());
  const bool is_crash = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
                        signal == SIGILL || signal == SIGABRT;
  if (is_crash) verdict.at = of(rank).last;
  return verdict;
}

Verdict Watch::lost(int rank) const {
  return lost_verdict(text_of(rank), kNotHeardOf, is_finished());
}

}  // namespace arf
