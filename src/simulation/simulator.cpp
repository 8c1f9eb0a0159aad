#include "simulation/simulator.h"

#include "simulation/preference.h"
#include "simulation/replies.h"
#include "simulation/topics.h"

namespace arf {
namespace {

constexpr double kThirdExchange = 0.55, kFourthExchange = 0.4;  // after the one before
constexpr double kSameTopic = 0.5;                              // of the next question

std::size_t draw_exchanges(Dice* dice) {
  if (!dice->chance(kThirdExchange)) return 2;
  return dice->chance(kFourthExchange) ? 4 : 3;
}

}  // namespace

Dialogue Simulator::dialogue(std::uint64_t row) const {
  Dice dice(RandomStream(seed_, Purpose::kSimulate, row));
  Dialogue made;
  made.id = "simulate-" + std::to_string(row);
  made.source = made.task = "simulate";
  made.provenance.random_key = row;
  const auto kind = static_cast<UserKind>(dice.below(kUserKinds));
  const std::size_t exchanges = draw_exchanges(&dice);
  std::size_t topic = dice.below(topics().size());
  Turn user{TurnRole::kUser, ask_question(kind, topic, &dice), {}, {}};
  for (std::size_t e = 0; e < exchanges; ++e) {
    const std::string reply = compose_reply(draw_plan(topic, &dice), &dice);
    const Mood mood = draw_mood(true_satisfaction(user.text, reply), &dice);
    made.turns.push_back(user);
    made.turns.push_back({TurnRole::kAssistant, reply, {}, {}});
    user = {TurnRole::kUser, population_.react(mood, &dice), satisfaction_of(mood), {}};
    if (e + 1 == exchanges) break;
    if (!dice.chance(kSameTopic)) topic = dice.below(topics().size());
    user.text += " " + ask_question(kind, topic, &dice);
  }
  made.turns.push_back(user);
  return made;
}

}  // namespace arf
