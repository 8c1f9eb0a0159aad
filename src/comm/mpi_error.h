// How a failed MPI call becomes an Error; private to this folder.
#pragma once

#include <atomic>

namespace arf {

// lost_error naming the call, the rank and MPI's reason, where status is not MPI_SUCCESS.
void check_mpi(int status, const char* call, int rank);

// All ranks throw the same error, so all of them come to MPI_Finalize.
extern std::atomic<bool> error_is_agreed;

}  // namespace arf
