// How a failed MPI call becomes an Error; private to this folder.
#pragma once

namespace arf {

// lost_error naming the call, the rank and MPI's reason, where status is not MPI_SUCCESS.
void check_mpi(int status, const char* call, int rank);

}  // namespace arf
