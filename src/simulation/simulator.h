// Dialogues with users whose preference is known, so that the method can be proved without data.
#pragma once

#include <cstdint>

#include "records/dialogue.h"
#include "simulation/reactions.h"

namespace arf {

class Simulator {
 public:
  explicit Simulator(std::uint64_t seed) : seed_(seed), population_(seed) {}

  // Row `row` of the seed's corpus, whatever the number of rows: two to four exchanges of a user of
  // one kind with the stored policy, then a last user's turn that is feedback alone. User turns
  // from the second on have the satisfaction that they express; assistant turns have none.
  Dialogue dialogue(std::uint64_t row) const;

 private:
  std::uint64_t seed_;
  Population population_;
};

}  // namespace arf
