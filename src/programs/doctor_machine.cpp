// arf doctor: cores, memory, disk, GPUs.
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "comm/gpus.h"
#include "core/error.h"
#include "core/parallel.h"
#include "programs/doctor.h"
#include "programs/version.h"

namespace arf {
namespace {

constexpr double kGigabyte = 1e9;
constexpr double kLeastMemory = 2e9;  // a tokenizer, a small model and LibTorch's libraries
constexpr double kLeastDisk = 1e9;    // checkpoints and logs of a small run

// A line "MemAvailable:  123 kB" of /proc/meminfo, in bytes; 0 if there is none.
double memory_bytes(const std::string& key) {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  double kilobytes = 0;
  while (file >> name >> kilobytes) {
    std::getline(file, unit);
    if (name == key + ":") return 1024 * kilobytes;
  }
  return 0;
}

// The memory limit of the container or job this process is in; infinite where there is none.
double memory_limit_bytes() {
  double limit = 0;
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (std::ifstream(path) >> limit) return limit;
  }
  return HUGE_VAL;
}

}  // namespace

Finding check_cores() {
  const long cores = usable_cores();
  const long all = sysconf(_SC_NPROCESSORS_ONLN);
  Finding finding{"cores",
                  fmt::format("{} of {} may be used, with {}", cores, all, instruction_sets()), "",
                  false};
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    finding.mend = "without AVX2 and FMA the portable kernels are used, which are slow";
  } else if (cores < all) {
    finding.mend =
        "mpirun binds up to 2 ranks to a core each: --bind-to none lifts that; otherwise the job "
        "or "
        "taskset sets the limit";
  }
  return finding;
}

Finding check_memory() {
  const double limit = memory_limit_bytes();
  const double available = std::min(memory_bytes("MemAvailable"), limit);
  Finding finding{"memory",
                  fmt::format("{:.1f} GB of {:.1f} GB are free", available / kGigabyte,
                              std::min(memory_bytes("MemTotal"), limit) / kGigabyte),
                  ""};
  if (available < kLeastMemory) {
    finding.mend =
        fmt::format("a small run wants {:.0f} GB: end other programs or take a larger machine",
                    kLeastMemory / kGigabyte);
  }
  return finding;
}

Finding check_disk(const std::filesystem::path& directory) {
  std::error_code error;
  const auto space = std::filesystem::space(directory, error);
  if (error) {
    return {"disk", fmt::format("{}: {}", directory.string(), error.message()),
            "name a directory that exists with --output"};
  }
  const auto free = static_cast<double>(space.available);
  Finding finding{
      "disk", fmt::format("{:.1f} GB are free in {}", free / kGigabyte, directory.string()), ""};
  if (free < kLeastDisk) {
    finding.mend =
        fmt::format("a run wants {:.0f} GB: free some, or name another directory with --output",
                    kLeastDisk / kGigabyte);
  }
  return finding;
}

Finding check_gpus() {
  const GpuReport report = look_for_gpus();
  Finding finding{"GPUs", "", "", false};
  for (const GpuReport::Gpu& gpu : report.gpus) {
    finding.found +=
        fmt::format("{} ({:.0f} GB, sm_{}), ", gpu.name,
                    static_cast<double>(gpu.memory_bytes) / kGigabyte, gpu.compute_capability);
  }
  if (report.gpus.empty()) {
    // A build for the CPU on a machine without GPUs is as it should be.
    const bool amiss = report.built || report.idle > 0;
    finding.found = amiss ? "none can be used, " : report.problem + ", ";
    if (amiss) finding.mend = report.problem;
  }
  finding.found +=
      report.built ? fmt::format("CUDA {}, NCCL {}", report.cuda, report.nccl) : "the CPU computes";
  return finding;
}

}  // namespace arf
