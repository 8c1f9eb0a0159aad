#include "programs/guarded_ranks.h"

#include <ATen/Parallel.h>

#include <cstdlib>
#include <limits>
#include <optional>

#include "core/activity.h"
#include "core/fault.h"
#include "core/host_name.h"
#include "core/json.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "core/unit_scope.h"
#include "data_io/run_directory.h"
#include "programs/version.h"
#include "roles/alike_ranks.h"

namespace arf {

bool error_is_said = false;

namespace {

// This rank, as its guardian would name it.
std::string own_text() { return rank_text(activity().rank, host_name(), sighting_of(activity())); }

// Of ours, and no defect: bits that turned on their way, a connection that broke, a wrong input.
// The unit that the rank was at is not to blame.
bool is_foreseen(const std::exception& exception) {
  const auto* const error = dynamic_cast<const Error*>(&exception);
  return error && error->code() != ExitCode::kDefect;
}

// What went wrong on this rank alone. A run goes on from its checkpoint where that may mend it; an
// exception that nobody foresaw ends the job as a lost rank does.
Error own_error(const std::exception& exception) {
  Error error = as_error(exception);
  const bool foreseen =
      dynamic_cast<const Error*>(&exception) || error.code() == ExitCode::kResource;
  if (!foreseen) error = Error(ExitCode::kLost, exception.what());
  if (error.code() == ExitCode::kLost || error.code() == ExitCode::kResource) {
    return {error.code(), lost_verdict(own_text(), error.what(), activity().finished).sentence};
  }
  return {error.code(), fmt::format("{}: {}", own_text(), error.what())};
}

// Once; of an error that several ranks have, on rank 0.
void say(const Error& error) {
  const bool is_mine = !error_is_agreed && !error_is_shared;
  if (!error_is_said && (is_mine || log_rank() == 0)) log_error("{}", error.what());
  error_is_said = true;
}

// As it ends the program: an error of all ranks, or of some, as it is.
Error final_error(const std::exception& error) {
  activity().foreseen = is_foreseen(error);
  return error_is_agreed || error_is_shared ? as_error(error) : own_error(error);
}

constexpr double kShortest = 1;  // second; guardians tell of themselves five times in it

Deadlines usable(Deadlines deadlines) {
  for (const double seconds : {deadlines.work, deadlines.start}) {
    if (seconds == 0 || seconds >= kShortest) continue;
    usage_error("--run.deadline and --run.start_deadline take 0, or {} seconds or more, and not {}",
                kShortest, seconds);
  }
  if (deadlines.start == 0) deadlines.start = std::numeric_limits<double>::infinity();
  return deadlines;
}

// mpirun gives a command line to all ranks, so what is wrong with it is wrong everywhere, and said
// once: before a rank has ended, at which mpirun ends the others. A rank that has no objection, as
// its files are its own, is told in the first agreement behind. 0: all is well.
int refuse_on_all(const std::function<void()>& step) {
  const char* const ranks = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (!ranks || std::atoi(ranks) <= 1) return step(), 0;
  try {
    step();
    return 0;
  } catch (const std::exception& exception) {
    const Error mine = as_error(exception);
    MpiSession session;
    const Communicator world = Communicator::world();
    start_log("text", world.rank());
    try {
      world.agree_or_throw([&] { throw mine; });
    } catch (const Error& error) {
      if (!error_is_agreed) throw;
      if (world.rank() == 0) log_error("{}", error.what());
      return static_cast<int>(error.code());
    }
  }
  return 0;
}

// What ranks may not have each their own of.
Json shared_settings(const Options& options) {
  Json settings = Json::object();
  for (const auto& [key, value] : options.values()) settings[key] = value;
  for (const char* own : {"run.threads", "log.format", "json"}) settings.erase(own);
  return settings;
}

std::string join_guardian(const Guardian& guardian, const Communicator& world) {
  std::string address;
  if (world.size() > 1) {
    world.agree_or_throw([&] {
      if (world.rank() == 0) address = guardian.become_hub();
    });
    world.broadcast(&address, 0);
  }
  guardian.join(world.rank(), world.size(), address);
  return address;
}

}  // namespace

void add_deadline_keys(Options& options, Deadlines* deadlines) {
  options.add("run.deadline", &deadlines->work, "seconds",
              "A rank that makes no progress for so long, or is not heard of, ends the job with "
              "exit 5; 0: nobody watches, as a debugger wants it.");
  options.add("run.start_deadline", &deadlines->start, "seconds",
              "The same until the first iteration; 0: none.");
  for (const char* key : {"run.deadline", "run.start_deadline"}) {
    options.mark_no_effect_on_result(key);
  }
}

int run_guarded(const Arguments& arguments, Options* options, const RunSettings& run,
                const Deadlines& wanted, const std::function<ExitCode(GuardedRank&)>& work) {
  bool is_wanted = false;
  Deadlines deadlines;
  const int refused = refuse_on_all([&] {
    is_wanted = options->parse(arguments);
    deadlines = usable(wanted);
    read_faults();
  });
  if (refused || !is_wanted) return refused;
  catch_stop_signals();
  std::optional<Guardian> guardian;
  if (deadlines.work > 0) guardian = Guardian::begin(deadlines, run.log_format);
  MpiSession session;
  name_units_of_crashes();  // after MPI has its handlers
  Communicator world = Communicator::world();
  GuardedRank rank{world, guardian ? &*guardian : nullptr, "", deadlines};
  activity().rank = world.rank();
  start_log(run.log_format, world.rank());
  try {
    world.agree_or_throw([] {});  // where another rank refuses its command line
    require_same_program(world, fmt::format("{}, {}", build_name(), options->command()));
    require_same_settings(world, shared_settings(*options));
    if (guardian) rank.hub = join_guardian(*guardian, world);
    require_same_arithmetic(world);
    at::set_num_threads(1);
    return static_cast<int>(work(rank));
  } catch (const std::exception& error) {
    const Error last = final_error(error);
    say(last);  // a disk may keep the rest from ending
    // Here, since mpirun ends who is still there when another rank has left; of an error that all
    // have, they wait for this one where MPI ends.
    RunDirectory::note_exit(static_cast<int>(last.code()));
    throw last;
  }
}

ExitCode saying_errors(const std::function<ExitCode()>& step) {
  try {
    return step();
  } catch (const std::exception& error) {
    say(final_error(error));
    throw;
  }
}

}  // namespace arf
