// What the programs that run under mpirun share: a check that ends all ranks.
#pragma once

#include <cstdio>

#include "comm/communicator.h"

namespace arf {

inline int the_rank = 0;  // set by main

#define EXPECT(condition)                                                                          \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "rank %d, %s:%d: %s\n", arf::the_rank, __FILE__, __LINE__, #condition); \
      arf::Communicator::world().abort(1);                                                         \
    }                                                                                              \
  } while (false)

}  // namespace arf
