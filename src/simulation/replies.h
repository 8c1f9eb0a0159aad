// The stored replies: a grammar with independent traits, mixed at random, so that imitation of them
// is mediocre.
#pragma once

#include <string>
#include <unordered_set>

#include "simulation/dice.h"

namespace arf {

enum class Opening { kDismissive = -1, kNone = 0, kWarm = 1 };

struct ReplyPlan {
  std::size_t topic = 0;  // that the reply speaks of, whatever was asked
  Opening opening = Opening::kNone;
  bool concrete = false;  // gives a next step, or else is vague
  bool rambling = false;
  bool offer = false;  // ends with an offer to go on
};

// The plan of a stored reply to a question of `asked`: each trait on its own.
ReplyPlan draw_plan(std::size_t asked, Dice* dice);
std::string compose_reply(const ReplyPlan& plan, Dice* dice);

// What a plan's traits are recognised by in any text.
struct ReplyCues {
  int warm = 0, dismissive = 0, concrete = 0, vague = 0, offer = 0;  // distinct cues
};
ReplyCues cues_of(const std::string& reply);

// All words, and all pairs of neighbours in a sentence ("boiling water"), that the grammar can say.
struct Lexicon {
  std::unordered_set<std::string> words, pairs;
};
const Lexicon& reply_lexicon();

}  // namespace arf
