// Of the CUDA build: sums in GPU memory by NCCL, and that no rank waits for ever for another. Where
// no GPU is, it says so and checks nothing.
//   nccl_sum          one rank (a GPU cannot hold two ranks of one communicator)
//   nccl_sum late     two ranks, of which the second never comes to NCCL
//   nccl_sum shared   two ranks that name the same GPU
#include <cuda_runtime_api.h>

#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

#include "comm/device_sum.h"
#include "comm/gpus.h"
#include "core/error.h"
#include "tests/comm/expect.h"

using namespace arf;

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

void sums_of_one_rank(const Communicator& world) {
  std::vector<std::int64_t> values(1089536), returned(values.size());  // LoRA r 8 of a 1.5B model
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::int64_t(i * 1000003) << 20;
  const std::size_t size_bytes = values.size() * sizeof(std::int64_t);
  std::int64_t* device = nullptr;
  EXPECT(cudaMalloc(reinterpret_cast<void**>(&device), size_bytes) == cudaSuccess);
  EXPECT(cudaMemcpy(device, values.data(), size_bytes, cudaMemcpyHostToDevice) == cudaSuccess);
  auto begun = Clock::now();
  DeviceSum sum(world, 0, 60);
  std::printf("NCCL is ready after %.3f s\n", seconds_since(begun));
  sum.sum({device, values.size()});
  constexpr int kRepeats = 20;
  begun = Clock::now();
  for (int repeat = 0; repeat < kRepeats; ++repeat) sum.sum({device, values.size()});
  std::printf("a sum of %zu bytes: %.1f us\n", size_bytes, seconds_since(begun) / kRepeats * 1e6);
  EXPECT(cudaMemcpy(returned.data(), device, size_bytes, cudaMemcpyDeviceToHost) == cudaSuccess);
  cudaFree(device);
  EXPECT(returned == values);
}

// The sentence of a DeviceSum that cannot be had; how long that took is within the limits.
void is_lost(const Communicator& world, double deadline, double from_seconds, double to_seconds) {
  const auto begun = Clock::now();
  try {
    DeviceSum sum(world, 0, deadline);
  } catch (const Error& error) {
    std::printf("after %.2f s: %s\n", seconds_since(begun), error.what());
    EXPECT(error.code() == ExitCode::kLost);
    EXPECT(seconds_since(begun) >= from_seconds && seconds_since(begun) < to_seconds);
    return;
  }
  EXPECT(!"a sum over ranks that are not there");
}

void ends_where_a_rank_never_comes(const Communicator& world) {
  if (world.rank() == 0) {
    is_lost(world, 3, 3, 8);
  } else {  // what comes before NCCL
    world.agree_or_throw([] {});
    std::vector<std::byte> id(128);
    world.broadcast(&id, 0);
  }
  world.barrier();
}

void ends_where_ranks_share_a_gpu(const Communicator& world) {
  is_lost(world, 20, 0, 19);
  world.barrier();
}

}  // namespace

int main(int argc, char** argv) {
  const GpuReport report = look_for_gpus();
  if (report.gpus.empty()) {
    std::printf("nothing checked: %s\n", report.problem.c_str());
    return 0;
  }
  const MpiSession session;
  const Communicator world = Communicator::world();
  the_rank = world.rank();
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "late") {
    ends_where_a_rank_never_comes(world);
  } else if (mode == "shared") {
    ends_where_ranks_share_a_gpu(world);
  } else {
    sums_of_one_rank(world);
  }
}
