#include "programs/guarded_ranks.h"

#include <ATen/Parallel.h>

#include <optional>

#include "core/activity.h"
#include "core/fault.h"
#include "core/log.h"
#include "core/stop_signal.h"

namespace arf {
namespace {

// This rank, as its guardian would name it.
std::string own_text() { return rank_text(activity().rank, host_name(), sighting_of(activity())); }

std::string join_guardian(const Guardian& guardian, const Communicator& world) {
  std::vector<std::byte> hub;
  if (world.size() > 1) {
    world.agree_or_throw([&] {
      if (world.rank() != 0) return;
      const std::string address = guardian.become_hub();
      const auto* const first = reinterpret_cast<const std::byte*>(address.data());
      hub.assign(first, first + address.size());
    });
    world.broadcast(&hub, 0);
  }
  const std::string address(reinterpret_cast<const char*>(hub.data()), hub.size());
  guardian.join(world.rank(), world.size(), address);
  return address;
}

}  // namespace

void add_deadline_keys(Options& options, Deadlines* deadlines) {
  options.add("run.deadline", &deadlines->work, "seconds",
              "A rank that makes no progress for so long, or is not heard of, ends the job with "
              "exit 5; 0: nobody watches, as a debugger wants it.");
  options.add("run.start_deadline", &deadlines->start, "seconds",
              "The same until the first iteration.");
  for (const char* key : {"run.deadline", "run.start_deadline"}) {
    options.mark_no_effect_on_result(key);
  }
}

ExitCode run_guarded(const RunSettings& run, const Deadlines& deadlines,
                     const std::function<ExitCode(GuardedRank&)>& work) {
  read_faults();
  std::optional<Guardian> guardian;
  if (deadlines.work > 0) guardian = Guardian::begin(deadlines, run.log_format);
  MpiSession session;
  Communicator world = Communicator::world();
  GuardedRank rank{world, guardian ? &*guardian : nullptr, ""};
  activity().rank = world.rank();
  if (guardian) rank.hub = join_guardian(*guardian, world);
  start_log(run.log_format, world.rank());
  at::set_num_threads(1);
  catch_stop_signals();
  try {
    return work(rank);
  } catch (const Error& error) {
    if (error_is_agreed || error_is_shared) throw;
    throw Error(error.code(), lost_verdict(own_text(), error.what()).sentence);
  } catch (const std::exception& error) {
    throw Error(ExitCode::kLost, lost_verdict(own_text(), error.what()).sentence);
  }
}

}  // namespace arf
