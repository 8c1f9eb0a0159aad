#include "simulation/reactions.h"

#include <algorithm>
#include <cctype>

#include "simulation/wordings.h"

namespace arf {
namespace {

constexpr double kKnown = 0.92;               // share of wordings a population knows
constexpr double kLead = 0.35, kTail = 0.25;  // words around the wording
constexpr double kTypo = 0.15, kLower = 0.35, kUpper = 0.03;

// Each "{a|b}" replaced by one of its alternatives.
std::string choose_words(std::string text, Dice* dice) {
  for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    std::vector<std::string> choices(1);
    for (std::size_t i = open + 1; i < close; ++i) {
      if (text[i] == '|') {
        choices.emplace_back();
      } else {
        choices.back() += text[i];
      }
    }
    text.replace(open, close + 1 - open, dice->pick(choices));
  }
  return text;
}

// One slip: two neighbouring letters swapped, or one left out or doubled.
void mistype(std::string* text, Dice* dice) {
  if (text->size() < 6) return;
  const std::size_t at = 1 + dice->below(text->size() - 3);
  const std::size_t slip = dice->below(3);
  if (slip == 0) std::swap((*text)[at], (*text)[at + 1]);
  if (slip == 1) text->erase(at, 1);
  if (slip == 2) text->insert(at, 1, (*text)[at]);
}

void change_case(std::string* text, Dice* dice) {
  const auto upper = [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  };
  if (dice->chance(kUpper)) std::transform(text->begin(), text->end(), text->begin(), upper);
  if (!dice->chance(kLower)) (*text)[0] = upper((*text)[0]);
}

}  // namespace

Satisfaction satisfaction_of(Mood mood) {
  return {mood == Mood::kBad ? 1.0f : 0.0f, mood == Mood::kNeutral ? 1.0f : 0.0f,
          mood == Mood::kGood ? 1.0f : 0.0f};
}

Mood draw_mood(double true_satisfaction, Dice* dice) {
  if (dice->chance(kContradictory)) return static_cast<Mood>(dice->below(3));
  const double felt = true_satisfaction + kSway * dice->normal();
  if (felt > kNeutralBelow) return Mood::kGood;
  return felt < -kNeutralBelow ? Mood::kBad : Mood::kNeutral;
}

Population::Population(std::uint64_t seed) {
  for (const Mood mood : {Mood::kBad, Mood::kNeutral, Mood::kGood}) {
    const auto m = static_cast<std::uint32_t>(mood);
    // Rows have sample 0; these stand beside them.
    const RandomStream stream(seed, Purpose::kSimulate, 0, 1 + m);
    const auto all = wordings(mood);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (stream.uniform(i) < kKnown) known_[m].push_back(all[i]);
    }
    if (known_[m].empty()) known_[m].assign(all.begin(), all.end());
  }
}

std::string Population::react(Mood mood, Dice* dice) const {
  const bool ambiguous = dice->chance(kAmbiguous);
  const char* wording = ambiguous ? dice->pick(either_wordings())
                                  : dice->pick(known_[static_cast<std::size_t>(mood)]);
  std::string text = choose_words(wording, dice);
  if (dice->chance(kLead)) text = dice->pick(leads()) + text;
  if (!ambiguous && dice->chance(kTail)) text += dice->pick(tails());
  if (dice->chance(kTypo)) mistype(&text, dice);
  change_case(&text, dice);
  return text + dice->pick(ends());
}

}  // namespace arf
