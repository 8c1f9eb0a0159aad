#include "records/prompts.h"

namespace arf {

std::vector<const std::string*> prompts_of(const Dialogue& dialogue) {
  std::vector<const std::string*> prompts;
  prompts.reserve(dialogue.turns.size());
  const std::string* last = nullptr;
  for (const Turn& turn : dialogue.turns) {
    prompts.push_back(last);
    if (turn.role == TurnRole::kUser) last = &turn.text;
  }
  return prompts;
}

std::size_t num_held_bytes(const Dialogue& dialogue) {
  std::size_t bytes = sizeof dialogue + dialogue.system.size();
  if (dialogue.rejected) bytes += dialogue.rejected->size();
  for (const Turn& turn : dialogue.turns) {
    bytes += sizeof turn + turn.text.size() + turn.history.size() * sizeof(Satisfaction);
  }
  return bytes;
}

}  // namespace arf
