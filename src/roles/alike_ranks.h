// What ranks that compute one result have to have alike.
#pragma once

#include <string>

#include "comm/communicator.h"
#include "core/json.h"

namespace arf {

// Collective. Of two ranks whose results would differ, or that would wait for one another:
// lost_error on all where one's program (`build`, a name) or arithmetic (model/ops/arithmetic.h) is
// not rank 0's, usage_error where one of its settings (key: value) is not.
void require_alike(const Communicator& world, const std::string& build, const Json& settings);

// Collective. input_error on all ranks where one of these of a rank's files is not rank 0's; a rank
// leaves out what it does not read.
void require_same_inputs(const Communicator& world, const Json& inputs);

// Collective. Worker threads of this rank: `wanted`, or where that is 0 its share of the cores that
// it may use with the other ranks of this host.
int threads_of_rank(int wanted, const Communicator& world);

}  // namespace arf
