// What ranks that compute one result have to have alike.
#pragma once

#include <string>

#include "comm/communicator.h"
#include "core/json.h"

namespace arf {

// All are collective, and throw on all ranks where one differs from rank 0: its result would, or
// they would wait for one another.

// lost_error. program: its name, with a hash of it.
void require_same_program(const Communicator& world, const std::string& program);
// usage_error. settings: key to value.
void require_same_settings(const Communicator& world, const Json& settings);
// lost_error. What model/ops/arithmetic.h tries.
void require_same_arithmetic(const Communicator& world);
// input_error. inputs: hashes by name; a rank leaves out what it does not read.
void require_same_inputs(const Communicator& world, const Json& inputs);

// Collective. Worker threads of this rank: `wanted`, or where that is 0 its share of the cores that
// it may use with the other ranks of this host.
int threads_of_rank(int wanted, const Communicator& world);

}  // namespace arf
