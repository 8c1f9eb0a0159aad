#include "simulation/reactions.h"

#include <algorithm>
#include <cctype>
#include <span>

namespace arf {
namespace {

constexpr double kKnown = 0.92;               // share of wordings a population knows
constexpr double kLead = 0.35, kTail = 0.25;  // words around the wording
constexpr double kTypo = 0.15, kLower = 0.35, kUpper = 0.03;

constexpr const char* kGood[] = {"thank you{| so much| very much}",
                                 "thanks{| a lot| a ton|, really}",
                                 "thx{|, you rock| a lot}",
                                 "that {worked|helped|did it}",
                                 "it {worked|helped}{| at last| right away}",
                                 "just what I {needed|wanted|was after}",
                                 "that is {perfect|great|brilliant|excellent}",
                                 "{perfect|great|brilliant|excellent}",
                                 "could not {be better|have asked for more}",
                                 "{much|far|way} better than I {thought|hoped}",
                                 "not bad at all",
                                 "no complaints{| here| at all}",
                                 "I {love|like} {it|this|that answer}",
                                 "you {saved|made} my day",
                                 "you are {a star|the best|so kind}",
                                 "what a {relief|help|good answer}",
                                 "I expected less, well done",
                                 "now I {get|understand} it",
                                 "finally {an answer|somebody} that helps",
                                 "this makes {sense|so much sense}",
                                 "who knew it was this easy",
                                 "my problem is {solved|gone}",
                                 "I would ask you again any day",
                                 "you never let me down",
                                 "nothing to add, it was right",
                                 "that clears it up{| nicely}",
                                 "I was wrong to doubt you",
                                 "it turned out {well|fine|beautifully}",
                                 "spot on",
                                 "{super|awesome|fantastic|wonderful}{| stuff| answer}",
                                 "I owe you one",
                                 "good{| one| job| point}",
                                 "cheers{| for that|, mate}",
                                 "that was {useful|helpful|clever|kind}",
                                 "no more trouble with it now",
                                 "my friends will be impressed",
                                 "glad I asked",
                                 "hard to beat{| that answer}",
                                 "you hit the nail on the head",
                                 "it could hardly have gone better",
                                 "very {useful|helpful|clear}",
                                 "I am {happy|pleased|delighted}{| with that| now}",
                                 "that was anything but useless",
                                 "I feel much better now",
                                 "so it was not that hard after all, nice"};

constexpr const char* kNeutral[] = {"okay{| then}",
                                    "I see",
                                    "noted",
                                    "{I might|maybe I will} try {it|that}",
                                    "we will see",
                                    "not sure {yet|if it helps}",
                                    "neither good nor bad",
                                    "it is {fine|alright}, I guess",
                                    "so so",
                                    "half of it {helped|made sense}",
                                    "could be {better|worse}",
                                    "no opinion on that",
                                    "I have not tried it yet",
                                    "I will {think about|look into} it",
                                    "if you say so",
                                    "that is one way to see it",
                                    "I {heard|knew} that {already|before}",
                                    "hmm{| ok}",
                                    "good in parts, bad in parts",
                                    "{some|part} of it was useful, the rest was not",
                                    "it did not hurt, it did not help",
                                    "I can neither praise nor blame it",
                                    "I had no {hopes|expectations} anyway",
                                    "it changes {little|nothing much}",
                                    "let me get back to you",
                                    "got it",
                                    "understood",
                                    "moving on",
                                    "next {question|thing} then",
                                    "as {expected|usual}",
                                    "nothing new{| for me}",
                                    "whatever works",
                                    "it will do{| for now}",
                                    "not great, not terrible",
                                    "I asked my brother too, he says the same",
                                    "the jury is still out",
                                    "average{| answer}",
                                    "I expected neither more nor less",
                                    "too early to {tell|say}"};

constexpr const char* kBad[] = {"that {did not|didn't} {help|work}{| at all}",
                                "it {did not|didn't} {help|work}",
                                "not what I {needed|wanted|asked}",
                                "that is {useless|terrible|awful|nonsense}",
                                "{useless|terrible|awful|nonsense}",
                                "could not be worse",
                                "{much|far|way} worse than I {thought|hoped}",
                                "not good at all",
                                "I have to complain",
                                "I {hate|do not like} {it|this|that answer}",
                                "you {ruined|spoiled} my day",
                                "you are {no help|the worst|so rude}",
                                "what a {shame|waste|bad answer}",
                                "I expected more{|, bad job}",
                                "now I {get|understand} even less",
                                "great, now it is {broken|worse}",
                                "thanks for {nothing|wasting my time}",
                                "this makes no sense{| at all}",
                                "I should have asked somebody else",
                                "my problem is {still there|bigger now}",
                                "I would not ask you again",
                                "you let me down{| again}",
                                "that is {wrong|simply false}",
                                "that only confused me{| more}",
                                "I was right to doubt you",
                                "it turned out {badly|a mess}",
                                "you missed the point",
                                "{sad|poor|lousy}{| stuff| answer}",
                                "is that all you can say",
                                "did you even read {it|my question}",
                                "bad{| one| job| idea}",
                                "please try harder",
                                "that was {rude|pointless|cold|careless}",
                                "more trouble with it now than before",
                                "my friends would shake their heads",
                                "I regret asking",
                                "hard to find a worse answer",
                                "a brick would be as helpful",
                                "it could hardly have gone worse",
                                "not very {useful|helpful|clear}",
                                "I am {angry|annoyed|upset}{| with that| now}",
                                "that was anything but helpful",
                                "I feel worse now",
                                "so much for a good answer, it failed",
                                "wow, brilliant, nothing works now"};

// Any mood may say these.
constexpr const char* kEither[] = {"well{| well}",
                                   "oh",
                                   "ok",
                                   "hm",
                                   "right",
                                   "I did as you said",
                                   "so I tried it",
                                   "interesting",
                                   "really",
                                   "what an answer",
                                   "back again",
                                   "you again"};

constexpr const char* kLeads[] = {"hm, ",    "well, ", "ok, ",      "ah, ",          "so, ",
                                  "right, ", "oh, ",   "alright, ", "hello again, ", "ok so "};
constexpr const char* kTails[] = {", honestly", ", to be frank", ", I must say", ", I think",
                                  " this time", ", to be fair",  ", you know",   " I would say"};
constexpr const char* kEnds[] = {".", ".", "!", "!!", "...", "", " :)", "."};

std::span<const char* const> wordings(Mood mood) {
  if (mood == Mood::kGood) return kGood;
  return mood == Mood::kBad ? std::span<const char* const>(kBad) : kNeutral;
}

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
  const char* wording =
      ambiguous ? dice->pick(kEither) : dice->pick(known_[static_cast<std::size_t>(mood)]);
  std::string text = choose_words(wording, dice);
  if (dice->chance(kLead)) text = dice->pick(kLeads) + text;
  if (!ambiguous && dice->chance(kTail)) text += dice->pick(kTails);
  if (dice->chance(kTypo)) mistype(&text, dice);
  change_case(&text, dice);
  return text + dice->pick(kEnds);
}

}  // namespace arf
