// Every rank of a job is two processes: the worker, which does the work, and its parent, the
// guardian, which only watches. A guardian knows from shared memory what its worker does
// (core/activity.h), from the system when it dies, and from the guardian of rank 0, the hub, when
// the job has to end. It speaks TCP of its own, so it depends on no thread, lock or library of the
// worker.
//
// Where a worker dies, or makes no progress for the deadline, or a host is not heard of, the hub
// says one sentence of it, every guardian kills its worker, and the job ends with exit 5.
#pragma once

#include <cstdint>
#include <string>

#include "guard/watch.h"

namespace arf {

struct GuardPage;

class Guardian {
 public:
  // Forks, before threads and MPI, and returns in the worker. The parent stays the guardian and
  // leaves with the worker's exit code, or with 5. Signals that ask to stop it passes on.
  static Guardian begin(const Deadlines& deadlines, const std::string& log_format);

  // Makes this rank's guardian the hub; how it is reached. resource_error where no port is free.
  std::string become_hub() const;
  // Tells the guardian which rank it guards and, of several, where the hub is.
  void join(int rank, int num_ranks, const std::string& hub_address) const;
  // Rank 0's: where to note the unit that a rank failed at, and the hash of the inputs that the
  // unit is of (guard/failures.h).
  void keep_failures(const std::string& file, std::uint64_t inputs) const;

 private:
  explicit Guardian(GuardPage* page) : page_(page) {}
  GuardPage* page_;
};

}  // namespace arf
