#include "roles/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"

namespace arf {

namespace {

// Beyond what any run comes to, and so that sums of them fit; and a file's position.
constexpr std::int64_t kMostSteps = (std::int64_t{1} << 44) - 1, kAny = INT64_MAX;

std::string older_name(std::size_t index) { return fmt::format("older.{}", index); }

std::int64_t count_in(const SavedState& saved, const std::string& name, std::int64_t most) {
  const std::int64_t count = saved.number(name);
  if (count < 0 || count > most) {
    input_error("{}: `{}` is {}, which no run has; remove the run's folder to start afresh",
                saved.path.string(), name, count);
  }
  return count;
}

}  // namespace

SavedState saved_state(TrainingState state) {
  const auto bytes = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  SavedState saved;
  saved.arrays["parameters"] = std::move(state.parameters);
  saved.arrays["adamw.m"] = std::move(state.adamw.m);
  saved.arrays["adamw.v"] = std::move(state.adamw.v);
  for (std::size_t i = 0; i < state.older.size(); ++i) {
    saved.arrays[older_name(i)] = std::move(state.older[i]);
  }
  saved.numbers = {{"older", static_cast<std::int64_t>(state.older.size())},
                   {"next_iteration", state.next_iteration},
                   {"adamw.step", state.adamw.step},
                   {"metrics.bytes", bytes(state.log.metrics.metrics_bytes)},
                   {"tensorboard.bytes", bytes(state.log.metrics.tensorboard_bytes)},
                   {"trail.bytes", bytes(state.log.trail_bytes)}};
  return saved;
}

TrainingState read_training_state(const SavedState& saved, std::size_t num_parameters,
                                  int staleness) {
  TrainingState state;
  state.next_iteration = count_in(saved, "next_iteration", kMostSteps);
  state.parameters = saved.array("parameters", num_parameters);
  const std::int64_t older = count_in(saved, "older", kMostSteps);
  if (older != std::min<std::int64_t>(staleness, state.next_iteration)) {
    input_error("{}: has {} policies before that of iteration {}, and train.staleness is {}",
                saved.path.string(), older, state.next_iteration, staleness);
  }
  for (std::int64_t i = 0; i < older; ++i) {
    state.older.push_back(saved.array(older_name(static_cast<std::size_t>(i)), num_parameters));
  }
  state.adamw.m = saved.array("adamw.m", num_parameters);
  state.adamw.v = saved.array("adamw.v", num_parameters);
  state.adamw.step = count_in(saved, "adamw.step", kMostSteps);
  const auto bytes = [&](const char* name) {
    return static_cast<std::uint64_t>(count_in(saved, name, kAny));
  };
  state.log = {{bytes("metrics.bytes"), bytes("tensorboard.bytes")}, bytes("trail.bytes")};
  return state;
}

void share_training_state(const Communicator& learners, std::size_t num_parameters,
                          const AdamWSettings& adamw, TrainingState* state) {
  std::int64_t numbers[] = {state->adamw.step, static_cast<std::int64_t>(state->older.size())};
  learners.broadcast(numbers, 0);
  state->adamw.step = numbers[0];
  state->adamw.settings = adamw;
  state->older.resize(static_cast<std::size_t>(numbers[1]));
  for (std::vector<float>* values : {&state->parameters, &state->adamw.m, &state->adamw.v}) {
    values->resize(num_parameters);
    learners.broadcast(*values, 0);
  }
  for (std::vector<float>& values : state->older) {
    values.resize(num_parameters);
    learners.broadcast(values, 0);
  }
}

std::string hash_of(const std::vector<float>& parameters) {
  return sha256_hex(
      {reinterpret_cast<const char*>(parameters.data()), parameters.size() * sizeof(float)});
}

}  // namespace arf
