// What simulated users ask about.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace arf {

// Example: {"eggs", {"boil an egg"}, {"eggs"}, {"Put the eggs in boiling water for {n} minutes."},
// {"egg", "eggs", "boiling"}}.
struct Topic {
  const char* name;
  std::vector<const char*> asks;   // "how do I ...?"
  std::vector<const char*> nouns;  // "it depends on the ..."
  std::vector<const char*> steps;  // concrete next steps; {n} is one of numbers()
  std::vector<const char*> cues;   // plain words that speak of it and of no other topic
};

const std::vector<Topic>& topics();
std::span<const char* const> numbers();  // what {n} stands for

// The topic with most cues in the text; the first of several, nothing where there are none.
std::optional<std::size_t> topic_of(const std::string& text);

}  // namespace arf
