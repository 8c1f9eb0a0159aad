// What the user behind a held-out dialogue would feel about a reply.
#pragma once

#include <optional>
#include <string>

#include "records/dialogue.h"

namespace arf {

// In [-1, 1] for dialogues of `arf simulate` (source "simulate"), whose users' preference is known;
// nothing for all others.
std::optional<double> true_satisfaction_if_known(const Dialogue& dialogue,
                                                 const std::string& prompt,
                                                 const std::string& reply);

}  // namespace arf
