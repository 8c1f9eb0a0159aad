#include "augment/truncation.h"

#include "core/hash.h"
#include "core/philox.h"

namespace arf {

std::vector<std::size_t> cut_places(const Dialogue& dialogue) {
  const std::vector<Turn>& turns = dialogue.turns;
  std::vector<std::size_t> places;
  bool asked = false;  // a user spoke
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (turns[i].role == TurnRole::kUser) {
      asked = true;
      continue;
    }
    const bool followed = i + 1 < turns.size() && turns[i + 1].role == TurnRole::kUser;
    const std::size_t kept = i + (followed ? 2 : 1);
    if (asked && kept < turns.size()) places.push_back(kept);
  }
  return places;
}

std::optional<Dialogue> truncate_trace(const Dialogue& dialogue, std::uint64_t seed) {
  const std::vector<std::size_t> places = cut_places(dialogue);
  if (places.empty()) return std::nullopt;
  const RandomStream stream(seed, Purpose::kTruncate, row_key(dialogue));
  Dialogue cut = derive(dialogue, "-truncate", "truncate");
  cut.turns.resize(places[stream.below(0, static_cast<std::uint32_t>(places.size()))]);
  return cut;
}

std::uint64_t row_key(const Dialogue& dialogue) { return xxh3(dialogue.id); }

Dialogue derive(const Dialogue& parent, const std::string& suffix, const char* augmentation) {
  Dialogue child = parent;
  child.id += suffix;
  child.provenance = {"", 0, parent.id, augmentation, row_key(parent)};
  for (Turn& turn : child.turns) turn.history.clear();
  return child;
}

}  // namespace arf
