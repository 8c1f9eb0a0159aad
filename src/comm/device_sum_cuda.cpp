// With CUDA: one NCCL communicator a DeviceSum. NCCL has no time-out of its own, so nothing here
// blocks: every call is started, then polled together with its error and the deadline.
#include <cuda_runtime_api.h>
#include <nccl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "comm/device_sum.h"
#include "core/error.h"

namespace arf {
namespace {

void check_cuda(cudaError_t status, const char* call, int rank, int device) {
  if (status == cudaSuccess) return;
  resource_error("rank {}: {} on GPU {} failed: {}; `arf doctor` lists the GPUs that can be used",
                 rank, call, device, cudaGetErrorString(status));
}

ncclUniqueId agreed_id(const Communicator& ranks) {
  ncclUniqueId id = {};
  std::vector<std::byte> bytes(sizeof id);
  if (ranks.rank() == 0) {
    const ncclResult_t status = ncclGetUniqueId(&id);
    // The others wait in the broadcast: they get zeros, and everybody gives up below.
    if (status == ncclSuccess) std::memcpy(bytes.data(), &id, sizeof id);
  }
  ranks.broadcast(&bytes, 0);
  std::memcpy(&id, bytes.data(), sizeof id);
  const ncclUniqueId none = {};
  if (std::memcmp(&id, &none, sizeof id) == 0) {
    lost_error(
        "rank 0: ncclGetUniqueId failed: {}; NCCL_DEBUG=INFO says more, NCCL_SOCKET_IFNAME "
        "names the network interface",
        ncclGetLastError(nullptr));
  }
  return id;
}

}  // namespace

class DeviceSum::Nccl {
 public:
  Nccl(const Communicator& ranks, int device, double deadline_seconds);
  ~Nccl();
  Nccl(const Nccl&) = delete;
  Nccl& operator=(const Nccl&) = delete;
  void sum(std::span<std::int64_t> values);

 private:
  void wait(ncclResult_t started, const char* call, const std::function<bool()>& done);
  [[noreturn]] void give_up(const char* call, const std::string& reason);
  const Communicator& ranks_;
  int device_;
  double deadline_seconds_;
  ncclComm_t comm_ = nullptr;
  cudaStream_t stream_ = nullptr;
};

DeviceSum::Nccl::Nccl(const Communicator& ranks, int device, double deadline_seconds)
    : ranks_(ranks), device_(device), deadline_seconds_(deadline_seconds) {
  ranks.agree_or_throw([&] {
    check_cuda(cudaSetDevice(device), "cudaSetDevice", ranks.rank(), device);
    check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreate",
               ranks.rank(), device);
  });
  setenv("NCCL_NVLS_ENABLE", "0", 0);  // its silent fallback can hang in NCCL 2.27 and 2.28
  const ncclUniqueId id = agreed_id(ranks);
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  wait(ncclCommInitRankConfig(&comm_, ranks.size(), id, ranks.rank(), &config),
       "ncclCommInitRankConfig", [] { return true; });
}

// Every sum is complete when it returns, so there is nothing to flush, and an abort asks no peer.
DeviceSum::Nccl::~Nccl() {
  if (comm_ != nullptr) ncclCommAbort(comm_);
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
}

void DeviceSum::Nccl::give_up(const char* call, const std::string& reason) {
  // Each survivor comes here by itself: NCCL tells nobody.
  if (comm_ != nullptr) ncclCommAbort(comm_);
  comm_ = nullptr;
  lost_error(
      "rank {}: {} on GPU {} failed: {}; look for the first error of another rank, and give "
      "each rank a GPU of its own (NCCL_DEBUG=INFO says more)",
      ranks_.rank(), call, device_, reason);
}

void DeviceSum::Nccl::wait(ncclResult_t started, const char* call,
                           const std::function<bool()>& done) {
  using Clock = std::chrono::steady_clock;
  if (started != ncclSuccess && started != ncclInProgress) {
    give_up(call, fmt::format("{} ({})", ncclGetErrorString(started), ncclGetLastError(comm_)));
  }
  const auto begun = Clock::now();
  for (;;) {
    ncclResult_t state = ncclSuccess;
    ncclCommGetAsyncError(comm_, &state);
    if (state != ncclSuccess && state != ncclInProgress) give_up(call, ncclGetErrorString(state));
    if (state == ncclSuccess && done()) return;
    const std::chrono::duration<double> waited = Clock::now() - begun;
    if (waited.count() > deadline_seconds_) {
      give_up(call, fmt::format("not all ranks came within {} s", deadline_seconds_));
    }
    // A peer may need our MPI progress before it can come to NCCL.
    int message = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, ranks_.handle(), &message, MPI_STATUS_IGNORE);
    if (waited.count() > 2e-4) usleep(100);
  }
}

void DeviceSum::Nccl::sum(std::span<std::int64_t> values) {
  ARF_CHECK(comm_ != nullptr, "a DeviceSum is not used after it failed");
  check_cuda(cudaSetDevice(device_), "cudaSetDevice", ranks_.rank(), device_);
  check_cuda(cudaDeviceSynchronize(), "cudaDeviceSynchronize", ranks_.rank(), device_);
  const ncclResult_t started = ncclAllReduce(values.data(), values.data(), values.size(), ncclInt64,
                                             ncclSum, comm_, stream_);
  wait(started, "ncclAllReduce", [&] {
    const cudaError_t state = cudaStreamQuery(stream_);
    if (state == cudaErrorNotReady) return false;
    check_cuda(state, "ncclAllReduce", ranks_.rank(), device_);
    return true;
  });
}

DeviceSum::DeviceSum(const Communicator& ranks, int device, double deadline_seconds)
    : ranks_(&ranks),
      nccl_(device == kHost ? nullptr : std::make_unique<Nccl>(ranks, device, deadline_seconds)) {}

DeviceSum::DeviceSum(DeviceSum&&) noexcept = default;
DeviceSum& DeviceSum::operator=(DeviceSum&&) noexcept = default;
DeviceSum::~DeviceSum() = default;

void DeviceSum::sum(std::span<std::int64_t> values) {
  if (nccl_ == nullptr) return ranks_->sum(values);
  nccl_->sum(values);
}

}  // namespace arf
