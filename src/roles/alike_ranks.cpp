#include "roles/alike_ranks.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <thread>

#include "core/error.h"
#include "core/host_name.h"
#include "core/parallel.h"
#include "model/ops/arithmetic.h"

namespace arf {

namespace {

std::string of_rank_0(const Communicator& world, const std::string& mine) {
  std::vector<std::byte> bytes(mine.size());
  std::memcpy(bytes.data(), mine.data(), mine.size());
  world.broadcast(&bytes, 0);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void require_alike(const Communicator& world, const std::string& build) {
  const std::string arithmetic = ops::arithmetic();
  const std::string first_build = of_rank_0(world, build);
  const std::string first_arithmetic = of_rank_0(world, arithmetic);
  world.agree_or_throw([&] {
    if (build != first_build) {
      lost_error("rank {} (host {}): runs {}, and rank 0 {}; give all nodes one program",
                 world.rank(), host_name(), build, first_build);
    }
    if (arithmetic != first_arithmetic) {
      lost_error(
          "rank {} (host {}): computes other bits ({}) than rank 0 ({}); use nodes with one kind "
          "of "
          "processor and one environment (MKL_CBWR, for one, changes them)",
          world.rank(), host_name(), arithmetic, first_arithmetic);
    }
  });
}

int threads_of_rank(int wanted, const Communicator& world) {
  const int ranks = ranks_on_this_host(world);  // collective, so asked for in any case
  if (wanted > 0) return wanted;
  // Ranks that are bound have cores of their own; others share what the host has.
  const int mine = usable_cores(), all = static_cast<int>(std::thread::hardware_concurrency());
  return mine * ranks <= all ? mine : std::max(1, mine / ranks);
}

}  // namespace arf
