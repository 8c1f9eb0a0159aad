#include "roles/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"

namespace arf {

namespace {

std::string older_name(std::size_t index) { return fmt::format("older.{}", index); }

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
  state.next_iteration = saved.number("next_iteration", 0, kMostSteps);
  state.parameters = saved.array("parameters", num_parameters);
  const std::int64_t older = saved.number("older", 0, kMostSteps);
  if (older != std::min<std::int64_t>(staleness, state.next_iteration)) {
    input_error("{}: has {} policies before that of iteration {}, and train.staleness is {}",
                saved.path.string(), older, state.next_iteration, staleness);
  }
  for (std::int64_t i = 0; i < older; ++i) {
    state.older.push_back(saved.array(older_name(static_cast<std::size_t>(i)), num_parameters));
  }
  state.adamw.m = saved.array("adamw.m", num_parameters);
  state.adamw.v = saved.array("adamw.v", num_parameters);
  state.adamw.step = saved.number("adamw.step", 0, kMostSteps);
  const auto bytes = [&](const char* name) {
    return static_cast<std::uint64_t>(saved.number(name, 0, INT64_MAX));
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
