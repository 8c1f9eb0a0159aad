// What the commands share that run under mpirun: a guardian for each rank, MPI, and what an error
// of one rank or of all of them comes to.
#pragma once

#include <functional>
#include <string>

#include "comm/communicator.h"
#include "config/options.h"
#include "core/error.h"
#include "guard/guardian.h"
#include "programs/commands.h"

namespace arf {

void add_deadline_keys(Options& options, Deadlines* deadlines);

// One rank of the job, as the command's work sees it.
struct GuardedRank {
  Communicator& world;
  const Guardian* guardian;  // null: nobody watches
  std::string hub;           // how the hub is reached; empty for one rank, and where nobody watches
  Deadlines deadlines;       // infinite where the user gave 0
};

// Parses the options, which fill `run` and `deadlines`; forks the guardian (none where the deadline
// is 0), starts MPI and the log, and does the work. Stop signals are caught. The exit code. An
// error of this rank alone names the rank and ends the job; that of a run is said and noted in its
// manifest (RunDirectory::note_exit). usage_error: of the options, said once.
int run_guarded(const Arguments& arguments, Options* options, const RunSettings& run,
                const Deadlines& deadlines, const std::function<ExitCode(GuardedRank&)>& work);

// Runs the step of a rank's work and says its error, if this rank has to, before what the work
// holds is taken down: that waits for a disk, and a rank that has ended meanwhile ends this one,
// too.
ExitCode saying_errors(const std::function<ExitCode()>& step);
extern bool error_is_said;

}  // namespace arf
