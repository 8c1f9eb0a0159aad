// Without CUDA: only whether there is a GPU that lies idle for that.
#include <fmt/format.h>

#include <filesystem>

#include "comm/gpus.h"

namespace arf {

GpuReport look_for_gpus() {
  GpuReport report;
  std::error_code error;
  // One folder a GPU, where NVIDIA's driver is loaded.
  for (const auto& entry : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", error)) {
    report.idle += entry.is_directory(error);
  }
  report.problem = report.idle == 0
                       ? "built for the CPU, and the machine shows no NVIDIA GPU"
                       : fmt::format(
                             "built for the CPU; the machine has {} NVIDIA GPUs: build the "
                             "preset `cuda` (launch/setup.sh --cuda) to use them",
                             report.idle);
  return report;
}

}  // namespace arf
