// What simulated users say of the last reply.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records/dialogue.h"
#include "simulation/dice.h"

namespace arf {

enum class Mood { kBad = 0, kNeutral = 1, kGood = 2 };

Satisfaction satisfaction_of(Mood mood);  // one-hot

// What a user who feels `true_satisfaction` (in [-1, 1]) shows: it sways by a normal number of
// kSway, what lies within kNeutralBelow of 0 is neutral, and kContradictory of all reactions are
// drawn without regard to it.
constexpr double kSway = 0.35, kNeutralBelow = 0.25, kContradictory = 0.08;
Mood draw_mood(double true_satisfaction, Dice* dice);

// A seed is a population of users that knows nine tenths of the wordings: users of another seed
// say things that this one's never said.
class Population {
 public:
  explicit Population(std::uint64_t seed);
  // One reaction; now and then in words that every mood uses (kAmbiguous), with typos, or in
  // another case.
  std::string react(Mood mood, Dice* dice) const;

 private:
  std::vector<const char*> known_[3];  // by mood
};
constexpr double kAmbiguous = 0.06;

}  // namespace arf
