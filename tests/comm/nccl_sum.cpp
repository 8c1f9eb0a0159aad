// Of the CUDA build: a sum of one rank in GPU memory by NCCL (a GPU cannot hold two ranks of one
// communicator). Where no GPU is, it says so and checks nothing.
#include <cuda_runtime_api.h>

#include <cstdio>
#include <vector>

#include "comm/device_sum.h"
#include "comm/gpus.h"

using namespace arf;

int main() {
  const GpuReport report = look_for_gpus();
  if (report.gpus.empty()) {
    std::printf("nothing checked: %s\n", report.problem.c_str());
    return 0;
  }
  const MpiSession session;
  const Communicator world = Communicator::world();
  std::vector<std::int64_t> values(1089536), returned(values.size());  // LoRA r 8 of a 1.5B model
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::int64_t(i * 1000003) << 20;
  const std::size_t size_bytes = values.size() * sizeof(std::int64_t);
  std::int64_t* device = nullptr;
  if (cudaMalloc(reinterpret_cast<void**>(&device), size_bytes) != cudaSuccess) return 1;
  cudaMemcpy(device, values.data(), size_bytes, cudaMemcpyHostToDevice);
  DeviceSum sum(world, 0, 60);
  sum.sum({device, values.size()});
  sum.sum({device, values.size()});
  cudaMemcpy(returned.data(), device, size_bytes, cudaMemcpyDeviceToHost);
  cudaFree(device);
  return returned == values ? 0 : 1;
}
