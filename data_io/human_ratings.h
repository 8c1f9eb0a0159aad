// Ratings that people gave on a scale from 1 to 5, as satisfaction.
#pragma once

#include <cstdint>
#include <optional>

#include "records/dialogue.h"

namespace arf {

// What several annotators said of one thing: 1 and 2 are bad, 3 is neutral, 4 and 5 are good.
class HumanRatings {
 public:
  void add(int rating);  // from 1 to 5
  // The share of the annotators in each class; nothing where nobody rated. A soft label, since a
  // class of the mean would let one annotator of four overrule three (3, 3, 3, 4 has the mean of
  // "good"), and since annotators who are of two minds are no tie that a rule had to break.
  std::optional<Satisfaction> shares() const;

 private:
  std::uint64_t bad_ = 0, neutral_ = 0, good_ = 0;
};

}  // namespace arf
