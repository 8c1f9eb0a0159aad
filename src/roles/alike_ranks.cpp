#include "roles/alike_ranks.h"

#include <algorithm>
#include <functional>
#include <string>
#include <thread>

#include "core/activity.h"
#include "core/error.h"
#include "core/parallel.h"
#include "model/ops/arithmetic.h"

namespace arf {

namespace {

// Throws what it has to say against a value that is not rank 0's.
using Objection = std::function<void(const std::string& key, const Json& mine, const Json& first)>;

// Calls it with the first key that both name and that differs.
void compare_with_rank_0(const Communicator& world, const Json& facts, const Objection& object) {
  std::string text = facts.dump();
  world.broadcast(&text, 0);
  world.agree_or_throw([&] {
    const Json first = Json::parse(text);
    for (const auto& [key, value] : facts.items()) {
      if (first.contains(key) && first[key] != value) object(key, value, first[key]);
    }
  });
}

}  // namespace

void require_same_program(const Communicator& world, const std::string& program) {
  compare_with_rank_0(world, {{"program", program}},
                      [&](const auto&, const Json&, const Json& first) {
                        lost_error("runs {}, and rank 0 {}; give all nodes one program", program,
                                   first.get<std::string>());
                      });
}

void require_same_settings(const Communicator& world, const Json& settings) {
  compare_with_rank_0(world, settings, [&](const auto& key, const Json& mine, const Json& first) {
    usage_error("--{} is {}, and on rank 0 {}; give all ranks one configuration", key,
                mine.get<std::string>(), first.get<std::string>());
  });
}

void require_same_arithmetic(const Communicator& world) {
  const PhaseScope phase(Phase::kStart);
  compare_with_rank_0(
      world, {{"arithmetic", ops::arithmetic()}},
      [&](const auto&, const Json& mine, const Json& first) {
        lost_error(
            "computes other bits ({}) than rank 0 ({}); use nodes with one kind of processor "
            "and one environment (MKL_CBWR, for one, changes them)",
            mine.get<std::string>(), first.get<std::string>());
      });
}

void require_same_inputs(const Communicator& world, const Json& inputs) {
  compare_with_rank_0(world, inputs, [&](const auto& key, const Json& mine, const Json& first) {
    input_error("reads other files than rank 0: {} is {}, and there {}; give all hosts one copy",
                key, mine.dump(), first.dump());
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
