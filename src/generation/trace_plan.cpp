#include "generation/trace_plan.h"

#include <algorithm>

#include "core/log.h"

namespace arf {
namespace {

bool ends_open(const Dialogue& dialogue, bool answer_follow_ups) {
  if (dialogue.turns.empty() || dialogue.turns.back().role != TurnRole::kUser) return false;
  return answer_follow_ups ||
         std::none_of(dialogue.turns.begin(), dialogue.turns.end(),
                      [](const Turn& turn) { return turn.role == TurnRole::kAssistant; });
}

std::vector<TokenId> slice(const std::vector<TokenId>& tokens, std::size_t begin, std::size_t end) {
  return {tokens.begin() + static_cast<std::ptrdiff_t>(begin),
          tokens.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

void cut_to_most_turns(Dialogue* dialogue) {
  const std::size_t turns = dialogue->turns.size();
  if (turns <= kMostTurns) return;
  log_warning(
      "dialogue {} has {} turns, and there are random numbers for replies in {}: what comes behind "
      "those is left out",
      dialogue->id, turns, kMostTurns);
  dialogue->turns.resize(kMostTurns);
}

std::vector<PlannedTurn> plan_trace(const Dialogue& dialogue, const ChatTemplate& chat,
                                    bool answer_follow_ups) {
  Dialogue whole = dialogue;
  const bool open = ends_open(dialogue, answer_follow_ups);
  // An empty reply makes the template put its prompt for one at the end.
  if (open) whole.turns.push_back({TurnRole::kAssistant, "", {}, {}});
  const TokenizedDialogue tokenized = chat.tokenize(whole);
  std::vector<PlannedTurn> plan;
  std::size_t cut = 0;
  for (const TokenizedDialogue::Reply& reply : tokenized.replies) {
    // A reply that answers nobody (an assistant's opening words) stays a part of the context.
    if (reply.turn == 0 || whole.turns[reply.turn - 1].role != TurnRole::kUser) continue;
    PlannedTurn turn;
    turn.turn = reply.turn;
    turn.prompt = whole.turns[reply.turn - 1].text;
    turn.before = slice(tokenized.tokens, cut, reply.begin);
    if (reply.turn < dialogue.turns.size()) {
      turn.stored = slice(tokenized.tokens, reply.begin, reply.end);
      const auto& score = dialogue.turns[reply.turn].satisfaction;
      if (score) turn.stored_score = score->reward();
    }
    cut = reply.end;
    plan.push_back(std::move(turn));
  }
  return plan;
}

}  // namespace arf
