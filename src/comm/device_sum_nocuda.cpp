// Without CUDA: host memory over MPI.
#include "comm/device_sum.h"
#include "core/error.h"

namespace arf {

class DeviceSum::Nccl {};

DeviceSum::DeviceSum(const Communicator& ranks, int device, double) : ranks_(&ranks) {
  if (device != kHost) {
    resource_error(
        "rank {}: GPU {} cannot be used, since this arf was built without CUDA; build the "
        "preset `cuda`, or compute on the CPU",
        ranks.rank(), device);
  }
}

DeviceSum::DeviceSum(DeviceSum&&) noexcept = default;
DeviceSum& DeviceSum::operator=(DeviceSum&&) noexcept = default;
DeviceSum::~DeviceSum() = default;

void DeviceSum::sum(std::span<std::int64_t> values) { ranks_->sum(values); }

}  // namespace arf
