// Which GPUs this build can use and this machine has. CMake picks gpus_cuda.cpp or gpus_nocuda.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace arf {

struct GpuReport {
  struct Gpu {
    std::string name;  // "NVIDIA H100 80GB HBM3"
    std::int64_t memory_bytes = 0;
    int compute_capability = 0;  // 90 for 9.0
  };
  bool built = false;      // with CUDA and NCCL
  std::string cuda, nccl;  // versions of the libraries that are loaded; "" if not built
  std::vector<Gpu> gpus;   // that can be used
  std::size_t idle = 0;    // NVIDIA GPUs of the machine that a build without CUDA cannot use
  std::string problem;     // why there are none to use, and how to mend it
};

GpuReport look_for_gpus();  // never throws

}  // namespace arf
