// What users said of replies that they got elsewhere, on its way to the ARF scorer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "records/dialogue.h"

namespace arf {

// One message of feedback. Example: {"How?", "So.", "Thanks, that helps!", {}}.
struct Feedback {
  std::string prompt;    // the user's turn that was answered; "": none
  std::string response;  // the reply
  std::string reaction;  // the user's next turn; "" where the satisfaction was said
  std::optional<Satisfaction> satisfaction;  // what the reply earned, where it was said
  bool operator==(const Feedback&) const = default;
};

// Which scorer gave rewards. Example: {340, 0x1f..}: the ARF scorer after 340 messages of feedback.
struct ScorerVersion {
  std::uint64_t number = 0;  // messages that it had taken
  std::uint64_t hash = 0;    // XXH3-64 of its parameters; 0 of a scorer that never learns
  bool operator==(const ScorerVersion&) const = default;
};

}  // namespace arf
