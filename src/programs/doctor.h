// What `arf doctor` tries, one function a line of its output. None of them throws.
#pragma once

#include <filesystem>
#include <string>

namespace arf {

struct Finding {
  std::string what;    // "memory"
  std::string found;   // what was tried and seen
  std::string mend;    // how to mend it; empty where all is well
  bool needed = true;  // where there is something to mend: whether arf cannot do without it

  bool ok() const { return mend.empty(); }
};

// The machine.
Finding check_cores();
Finding check_memory();
Finding check_disk(const std::filesystem::path& directory);
Finding check_gpus();
// The libraries.
Finding check_libtorch();
Finding check_kernels();
Finding check_hdf5(const std::filesystem::path& directory);
Finding check_wordnet();
Finding check_minilm();
Finding check_mpirun();  // before MPI starts in this process
Finding check_mpi();     // starts and ends MPI

}  // namespace arf
