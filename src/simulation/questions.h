// How simulated users ask: the kind of user shows in the wording.
#pragma once

#include <array>
#include <string>

#include "simulation/dice.h"

namespace arf {

enum class UserKind { kHurried = 0, kWorried = 1, kPractical = 2 };
constexpr std::size_t kUserKinds = 3;

// Example: (kHurried, 0) -> "Quick one: how do I boil the eggs?"
std::string ask_question(UserKind kind, std::size_t topic, Dice* dice);

// Share of each kind in the cues of a prompt, sum 1; thirds where there are none. A text of
// ask_question has cues of its kind only.
std::array<double, kUserKinds> kinds_of(const std::string& prompt);

}  // namespace arf
