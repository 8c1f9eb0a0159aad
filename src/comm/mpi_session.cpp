// Starts and ends MPI for the process.
#include <cstdlib>
#include <exception>

#include "comm/communicator.h"
#include "comm/mpi_error.h"
#include "core/activity.h"
#include "core/error.h"

namespace arf {

std::atomic<bool> error_is_agreed = false;
std::atomic<bool> error_is_shared = false;

void check_mpi(int status, const char* call, int rank) {
  if (status == MPI_SUCCESS) return;
  char reason[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(status, reason, &length);
  lost_error("rank {}: {} failed: {}; look for the first error of another rank", rank, call,
             std::string(reason, static_cast<std::size_t>(length)));
}

MpiSession::MpiSession() {
  int started = 0;
  MPI_Initialized(&started);
  ARF_CHECK(!started, "a process starts MPI once");
  // A process that no mpirun started needs no daemon of its own: Open MPI's (orted) outlives it, and
  // where files are short takes all of the memory instead of an end.
  setenv("OMPI_MCA_ess_singleton_isolated", "true", /*overwrite=*/0);
  int provided = 0;
  check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread",
            -1);
  ARF_CHECK(provided >= MPI_THREAD_FUNNELED, "MPI provides thread level {}", provided);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
}

// An exception that only this rank has must not end in MPI_Finalize, which waits for the others
// while they wait for this rank. Without it the process leaves with its own exit code, and mpirun
// ends the rest.
MpiSession::~MpiSession() {
  if (std::uncaught_exceptions() > 0 && !error_is_agreed) return;
  const PhaseScope phase(Phase::kFinish);
  try {
    Communicator::world().barrier();  // waits with back-off; MPI_Finalize would burn the core
  } catch (const Error&) {
    return;
  }
  MPI_Finalize();
}

}  // namespace arf
