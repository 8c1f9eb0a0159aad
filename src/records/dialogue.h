// What a corpus row is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace arf {

// A satisfaction distribution C = (bad, neutral, good): each >= 0, sum 1.
// Example: {0.1f, 0.2f, 0.7f} has reward 0.6.
struct Satisfaction {
  float bad = 0, neutral = 0, good = 0;
  float reward() const { return good - bad; }  // paper eq. 17, in [-1, 1]
  bool operator==(const Satisfaction&) const = default;
};

enum class TurnRole : std::uint8_t { kUser = 0, kAssistant = 1 };

// One message. The satisfaction on a user's turn is what that turn expresses; on an assistant's,
// what that turn earned.
struct Turn {
  TurnRole role = TurnRole::kUser;
  std::string text;  // UTF-8
  std::optional<Satisfaction> satisfaction;
  std::vector<Satisfaction> history;  // earlier values of it, oldest first (re-scoring, eq. 14)
  bool operator==(const Turn&) const = default;
};

// Where a row came from. Example: {"gsm8k/train.jsonl.gz", 17, "", "", 0}; an augmented row has
// parent = the id of the row it was made from, augmentation = "synonym", "truncate", "pair" or
// "prefix".
struct Provenance {
  std::string file;              // the input's file name without its folder; "" if made by us
  std::uint64_t row = 0;         // 1-based line or record in it
  std::string parent;            // id of the parent row, or ""
  std::string augmentation;      // what was done to the parent, or ""
  std::uint64_t random_key = 0;  // the random numbers' unit that did it
  bool operator==(const Provenance&) const = default;
};

// One row of a corpus. A preference pair is a row whose last turn is the chosen response and whose
// `rejected` holds the other one. A labelled text is a row with one user turn.
struct Dialogue {
  std::string id;      // unique in its corpus, e.g. "gsm8k-17"
  std::string source;  // e.g. "gsm8k"
  std::string task;    // e.g. "gsm8k", "emotion3", "simulate"
  std::string system;  // system prompt, or ""
  std::vector<Turn> turns;
  std::optional<std::string> rejected;
  std::optional<Satisfaction> rejected_satisfaction;
  Provenance provenance;
  bool operator==(const Dialogue&) const = default;
};

}  // namespace arf
