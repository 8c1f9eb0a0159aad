#include "guard/watch.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "core/error.h"

namespace arf {
namespace {

std::string roles_text(std::int32_t roles) {
  std::vector<const char*> names;
  if (roles & kLearnerRole) names.push_back("learner");
  if (roles & kScorerRole) names.push_back("scorer");
  if (roles & kGeneratorRole) names.push_back("generator");
  return names.empty() ? "no role yet" : fmt::format("{}", fmt::join(names, " and "));
}

}  // namespace

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name[0] ? name : "unnamed";
}

Sighting sighting_of(const Activity& activity) {
  Sighting seen;
  seen.steps = activity.steps;
  seen.phase = static_cast<Phase>(activity.phase.load());
  seen.roles = activity.roles;
  seen.iteration = activity.iteration;
  seen.unit = activity.unit;
  seen.waits = activity.waits;
  return seen;
}

Watch::Watch(int first, int num_ranks, const Deadlines& deadlines, double now)
    : first_(first), ranks_(static_cast<std::size_t>(num_ranks)), deadlines_(deadlines) {
  for (Rank& rank : ranks_) rank.heard = rank.progressed = now;
}

void Watch::saw(int rank, const std::string& host, const Sighting& sighting, double now) {
  Rank& seen = of(rank);
  seen.host = host;
  seen.heard = now;
  if (sighting.steps != seen.last.steps) seen.progressed = now;
  seen.last = sighting;
}

void Watch::ended(int rank) { of(rank).ended = true; }

double Watch::deadline_of(const Rank& rank) const {
  return rank.last.iteration < 0 ? deadlines_.start : deadlines_.work;
}

std::string rank_text(int rank, const std::string& host, const Sighting& seen) {
  std::string text = fmt::format("rank {} ({}, host {}), {}", rank, roles_text(seen.roles), host,
                                 phase_text(seen.phase));
  if (seen.iteration >= 0) text += fmt::format(" in iteration {}", seen.iteration);
  if (seen.unit >= 0) text += fmt::format(", last unit {}", seen.unit);
  return text;
}

Verdict lost_verdict(const std::string& text, const std::string& reason) {
  return {static_cast<int>(ExitCode::kLost),
          fmt::format("{}: {}; the job ends, and the same command goes on from its last checkpoint",
                      text, reason),
          {}};
}

const Sighting& Watch::last_of(int rank) const { return of(rank).last; }

std::string Watch::text_of(int rank) const {
  const Rank& seen = of(rank);
  return rank_text(rank, seen.host, seen.last);
}

std::optional<Verdict> Watch::judge(double now) const {
  int stuck = -1, silent = -1, longest_wait = -1;
  bool all_wait = true;
  const auto still = [&](int rank) { return now - of(rank).progressed; };
  for (int r = first_; r < first_ + static_cast<int>(ranks_.size()); ++r) {
    const Rank& rank = of(r);
    if (rank.ended) continue;
    if (now - rank.heard > deadline_of(rank)) silent = silent < 0 ? r : silent;
    const bool over = still(r) > deadline_of(rank);
    all_wait = all_wait && over && rank.last.waits;
    if (over && !rank.last.waits && (stuck < 0 || still(r) > still(stuck))) stuck = r;
    if (longest_wait < 0 || still(r) > still(longest_wait)) longest_wait = r;
  }
  if (silent >= 0) return lost(silent);
  if (stuck >= 0) {
    Verdict verdict =
        lost_verdict(text_of(stuck), fmt::format("made no progress for {:.0f} s", still(stuck)));
    verdict.at = of(stuck).last;
    return verdict;
  }
  if (longest_wait < 0 || !all_wait) return {};
  return lost_verdict(
      text_of(longest_wait),
      fmt::format("all ranks wait for one another, for {:.0f} s", still(longest_wait)));
}

// Signal 9 comes from outside; a crash is the rank's own.
Verdict Watch::killed(int rank, int signal) const {
  Verdict verdict = lost_verdict(
      text_of(rank), fmt::format("was killed by signal {} ({})", signal, ::strsignal(signal)));
  const bool is_crash = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
                        signal == SIGILL || signal == SIGABRT;
  if (is_crash) verdict.at = of(rank).last;
  return verdict;
}

Verdict Watch::lost(int rank) const { return lost_verdict(text_of(rank), kNotHeardOf); }

}  // namespace arf
