// The true preference of simulated users: what a reply is worth to them.
#pragma once

#include <string>

#include "simulation/questions.h"

namespace arf {

// Traits of a reply to a prompt, found by cue words, each in [-1, 1] or [0, 1]; any text has them.
struct ReplyTraits {
  double on_topic = 0;    // 1: speaks of the prompt's topic alone; -1: of another's alone
  double dismissive = 0;  // 1: brushes the user off
  double warm = 0;        // 1: an encouraging word
  double concrete = 0;    // 1: gives a next step; -1: only vague words
  double brevity = 0;     // 1: up to ten words; -1: 26 or more; linear between
  double offer = 0;       // 1: offers to go on
  double broken = 0;      // 1: empty, not words, or the same again and again
};
ReplyTraits traits_of(const std::string& prompt, const std::string& reply);

// What each trait is worth to a kind of user, before tanh.
struct Preference {
  double base, on_topic, dismissive, warm, concrete, brevity, offer, broken;
};
const Preference& preference_of(UserKind kind);

// tanh(base + sum of weight * trait), in [-1, 1]: the satisfaction of the user whose kind shows in
// the prompt (the mean over kinds where several or none do). Works on any text.
double true_satisfaction(const std::string& prompt, const std::string& reply);

}  // namespace arf
