#include "programs/version.h"

#include <mpi.h>
#include <torch/headeronly/version.h>

#include "comm/gpus.h"
#include "core/error.h"
#include "data_io/hdf5_image.h"
#include "programs/build_id.h"
#include "programs/commands.h"

namespace arf {

std::string instruction_sets() {
  std::string names;
  const auto add = [&](bool has, const char* name) {
    if (has) names += std::string(names.empty() ? "" : " ") + name;
  };
  __builtin_cpu_init();
  add(__builtin_cpu_supports("avx2"), "avx2");
  add(__builtin_cpu_supports("fma"), "fma");
  add(__builtin_cpu_supports("avx512f"), "avx512f");
  add(__builtin_cpu_supports("avx512bf16"), "avx512_bf16");
  return names.empty() ? "none beyond the baseline" : names;
}

std::string overview() {
  std::string text =
      "arf: reinforcement learning from what users were satisfied with\n\n"
      "  arf COMMAND [--config FILE]... [--section.key VALUE]... [--output DIR]\n\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<14}{}\n", command.name, command.summary);
  }
  return text +
         "\n`arf COMMAND --help` lists every key of a command; `arf --version` the libraries.\n";
}

std::string build_name() {
  return fmt::format("arf {} ({}), build {}, LibTorch {}.{}.{}", ARF_VERSION, kCommit,
                     build_id().substr(0, 12), TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR,
                     TORCH_VERSION_PATCH);
}

std::string version_text() {
  char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(mpi, &length);
  std::string mpi_name(mpi, static_cast<std::size_t>(length));
  mpi_name = mpi_name.substr(0, mpi_name.find(','));
  const GpuReport gpus = look_for_gpus();
  const std::string cuda = gpus.built ? fmt::format("CUDA {}\nNCCL {}", gpus.cuda, gpus.nccl)
                                      : "CUDA and NCCL none (built for the CPU)";
  return fmt::format(
      "arf {} ({})\nbuild {}\nLibTorch {}.{}.{}\nMPI {}\nHDF5 {}\n{}\ninstruction sets {}\n",
      ARF_VERSION, kCommit, build_id().substr(0, 12), TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR,
      TORCH_VERSION_PATCH, mpi_name, hdf5_version(), cuda, instruction_sets());
}

}  // namespace arf
