// What simulated users ask about.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace arf {

// Example: {"eggs", {"boil the eggs"}, {"boil them for {n} minutes"}, {"eggs", "egg", "shell"}}.
struct Topic {
  const char* noun;                // every question and every reply names it
  std::vector<const char*> asks;   // "how do I ...?"
  std::vector<const char*> steps;  // "for the eggs, ...": concrete; {n} is one of numbers()
  std::vector<const char*> cues;   // plain words that speak of it and of no other topic
};

const std::vector<Topic>& topics();
std::span<const char* const> numbers();  // what {n} stands for

// The topic with most cues in the text; the first of several, nothing where there are none.
std::optional<std::size_t> topic_of(const std::string& text);

}  // namespace arf
