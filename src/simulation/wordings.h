// The words of simulated users' reactions; "{a|b}" is a choice.
#pragma once

#include <span>

#include "simulation/reactions.h"

namespace arf {

std::span<const char* const> wordings(Mood mood);
std::span<const char* const> either_wordings();  // that any mood may use
std::span<const char* const> leads();            // may stand before a wording
std::span<const char* const> tails();            // after it
std::span<const char* const> ends();             // marks; in this share

}  // namespace arf
