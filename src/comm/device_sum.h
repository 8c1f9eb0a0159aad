// Sums of int64 over ranks where the numbers lie: on a GPU by NCCL, in host memory by MPI. Integer
// sums have the same bits either way. CMake picks the file: device_sum_cuda.cpp knows NCCL, its
// twin device_sum_nocuda.cpp only MPI.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "comm/communicator.h"

namespace arf {

// Example, on a learner whose gradient lies on its GPU:
//   DeviceSum sum(learners, local_rank);
//   sum.sum({gradient.data_ptr<std::int64_t>(), num_parameters});
class DeviceSum {
 public:
  static constexpr int kHost = -1;

  // Collective over `ranks`, which must outlive this. device: the GPU of this rank, which no other
  // rank has, or kHost on all of them. resource_error where the build or the machine has no such
  // GPU; lost_error where a rank does not come within the deadline.
  explicit DeviceSum(const Communicator& ranks, int device = kHost, double deadline_seconds = 600);
  DeviceSum(DeviceSum&& other) noexcept;
  DeviceSum& operator=(DeviceSum&& other) noexcept;
  ~DeviceSum();  // waits for nobody

  // Collective over the ranks. In place; the values lie where the constructor said, and what was
  // queued on the GPU before is finished first. lost_error where NCCL fails or a rank does not come
  // within the deadline; this object is then good for nothing but its destruction.
  void sum(std::span<std::int64_t> values);

 private:
  class Nccl;
  const Communicator* ranks_;
  std::unique_ptr<Nccl> nccl_;  // null for host memory
};

}  // namespace arf
