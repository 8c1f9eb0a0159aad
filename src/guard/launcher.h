// The process of Open MPI that started this rank: mpirun, or its daemon orted on other hosts. Where
// a host is lost they wait for its daemon until the kernel gives up what is on the way there, a
// quarter of an hour; the rank's end alone does not end them.
#pragma once

#include <sys/types.h>

namespace arf {

// This rank, as its launcher says before MPI has started: Open MPI's mpirun, or srun, whose own
// variables are those of another step below mpirun. 0 where neither started it.
int launched_rank();

// Whether this rank's guardian says it where the hub is gone. The others see the same at the same
// time and cannot speak to one another, so only rank 1's does, and that of the first rank of each
// host, for the host of ranks 0 and 1 may be what was lost. One host has one sentence, and several
// one each; where rank 1's guardian is dead, too, but its host is not, there is mpirun's alone.
bool speaks_of_hub(int rank);

class Launcher {
 public:
  Launcher();  // of this process; none where Open MPI did not start it as one of several ranks
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  // To be called when the job is lost, and this process ends. Leaves a child behind for a few
  // seconds: where the launcher has not ended by then, the child shuts its connections, at which it
  // gives lost hosts up and ends with the exit code that it has; one that does not, or may not be
  // touched, it kills.
  void let_go() const;

 private:
  pid_t id_ = 0;
  int process_ = -1;  // names the process for good, as its id would not; -1: no launcher
};

}  // namespace arf
