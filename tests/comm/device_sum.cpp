// Run under mpirun by tests.cmake: DeviceSum over host memory, for this number of ranks and in
// every build, and what it says about a GPU that is not there.
#include "comm/device_sum.h"

#include <utility>
#include <vector>

#include "comm/gpus.h"
#include "core/error.h"
#include "tests/comm/expect.h"

using namespace arf;

namespace {

void sums_host_memory(const Communicator& world) {
  DeviceSum first(world);
  DeviceSum sum = std::move(first);
  const std::int64_t n = world.size(), large = std::int64_t{1} << 58;
  std::vector<std::int64_t> values = {world.rank() + 1, -large, large - world.rank()};
  sum.sum(values);
  EXPECT(values[0] == n * (n + 1) / 2);
  EXPECT(values[1] == -large * n);
  EXPECT(values[2] == large * n - n * (n - 1) / 2);
}

void refuses_a_gpu_that_is_not_there(const Communicator& world) {
  const int missing = static_cast<int>(look_for_gpus().gpus.size());
  try {
    DeviceSum sum(world, missing, 20);
  } catch (const Error& error) {
    EXPECT(error.code() == ExitCode::kResource);
    EXPECT(std::string(error.what()).find("GPU") != std::string::npos);
    return;
  }
  EXPECT(!"a DeviceSum on a GPU that is not there");
}

void reports_gpus_or_why_there_are_none() {
  const GpuReport report = look_for_gpus();
  EXPECT(report.gpus.empty() == !report.problem.empty());
  EXPECT(report.built == !report.cuda.empty() && report.built == !report.nccl.empty());
}

}  // namespace

int main() {
  const MpiSession session;
  const Communicator world = Communicator::world();
  the_rank = world.rank();
  sums_host_memory(world);
  refuses_a_gpu_that_is_not_there(world);
  reports_gpus_or_why_there_are_none();
}
