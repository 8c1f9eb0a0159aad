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

std::size_t num_text_bytes(const Dialogue& dialogue) {
  std::size_t bytes = 0;
  for (const Turn& turn : dialogue.turns) bytes += turn.text.size();
  return bytes;
}

}  // namespace arf
