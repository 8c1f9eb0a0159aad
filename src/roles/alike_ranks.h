// What ranks that compute one result have to have alike.
#pragma once

#include <string>

#include "comm/communicator.h"

namespace arf {

// Collective. lost_error on all ranks where one's program (`build`, a name) or arithmetic
// (model/ops/arithmetic.h) is not rank 0's: their bits would differ.
void require_alike(const Communicator& world, const std::string& build);

// Collective. Worker threads of this rank: `wanted`, or where that is 0 its share of the cores that
// it may use with the other ranks of this host.
int threads_of_rank(int wanted, const Communicator& world);

}  // namespace arf
