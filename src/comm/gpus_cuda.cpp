// With CUDA: what its runtime says.
#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <nccl.h>

#include "comm/gpus.h"

namespace arf {

GpuReport look_for_gpus() {
  GpuReport report;
  report.built = true;
  int version = 0, count = 0;
  cudaRuntimeGetVersion(&version);
  report.cuda = fmt::format("{}.{}", version / 1000, version % 1000 / 10);
  ncclGetVersion(&version);
  report.nccl = fmt::format("{}.{}.{}", version / 10000, version / 100 % 100, version % 100);
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) {
    report.problem = fmt::format(
        "CUDA sees no GPU: {}; the driver must serve CUDA {} and "
        "CUDA_VISIBLE_DEVICES must not hide the GPU",
        cudaGetErrorString(status), report.cuda);
    return report;
  }
  for (int device = 0; device < count; ++device) {
    cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, device) != cudaSuccess) continue;
    report.gpus.push_back({properties.name, static_cast<std::int64_t>(properties.totalGlobalMem),
                           10 * properties.major + properties.minor});
  }
  return report;
}

}  // namespace arf
