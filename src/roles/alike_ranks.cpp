#include "roles/alike_ranks.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <thread>

#include "core/error.h"
#include "core/parallel.h"
#include "model/ops/kernels.h"

namespace arf {

void require_one_instruction_set(const Communicator& world) {
  const std::string mine = ops::instruction_set();
  std::vector<std::byte> bytes(mine.size());
  std::memcpy(bytes.data(), mine.data(), mine.size());
  world.broadcast(&bytes, 0);
  world.agree_or_throw([&] {
    const std::string first(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (first == mine) return;
    lost_error(
        "rank {}: its processor has {} and rank 0's {}; bits would depend on the rank: use "
        "one kind of node",
        world.rank(), mine, first);
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
