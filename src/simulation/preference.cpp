// All users dislike replies that are off-topic, dismissive or broken; the hurried like short ones,
// the worried warm ones, the practical concrete ones. With the stored replies' shares of traits
// (replies.cpp) the mean satisfaction is near 0, and that of the best reply near 0.9.
#include "simulation/preference.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "simulation/replies.h"
#include "simulation/topics.h"
#include "simulation/words.h"

namespace arf {
namespace {

// clang-format off
constexpr Preference
    //             base  topic  dismissive  warm  concrete  brevity  offer  broken
    kHurried   = {-0.35,   0.8,       -0.8,  0.2,      0.4,     0.8,  -0.2,   -3.0},
    kWorried   = {-0.35,   0.8,       -0.8,  0.8,      0.2,     0.1,   0.4,   -3.0},
    kPractical = {-0.35,   0.8,       -0.8,  0.2,      0.9,     0.2,   0.2,   -3.0};
// clang-format on

constexpr double kBriefWords = 10, kLongWords = 26;  // brevity 1 and -1

// The first cue says most of it, a second one the rest.
double strength(int cues) { return cues == 0 ? 0.0 : cues == 1 ? 0.8 : 1.0; }

double on_topic(const std::string& prompt, const std::string& plain) {
  const auto asked = topic_of(prompt);
  int right = 0, wrong = 0;
  for (std::size_t t = 0; t < topics().size(); ++t) {
    const int cues = count_cues(plain, topics()[t].cues);
    (asked == t ? right : wrong) += cues;
  }
  if (right == 0 && wrong == 0) return -0.4;  // speaks of nothing
  if (!asked) return 0;                       // nothing to miss
  return right == 0 ? -strength(wrong) : strength(right) - 0.6 * strength(wrong);
}

double share_of_repeats(const std::vector<std::string>& words) {
  if (words.size() < 3) return 0;
  std::unordered_set<std::string> distinct;
  for (std::size_t i = 1; i < words.size(); ++i) distinct.insert(words[i - 1] + " " + words[i]);
  return 1 - static_cast<double>(distinct.size()) / static_cast<double>(words.size() - 1);
}

// Shares of words and of neighbours in a sentence that the grammar of replies never says.
std::pair<double, double> strangeness(const std::string& reply) {
  const Lexicon& lexicon = reply_lexicon();
  double words = 0, strange = 0, pairs = 0, odd = 0;
  for (const std::string& sentence : split_sentences(reply)) {
    const std::vector<std::string> all = split_words(sentence);
    for (std::size_t i = 0; i < all.size(); ++i) {
      words += 1;
      strange += !lexicon.words.contains(all[i]);
      if (i == 0) continue;
      pairs += 1;
      odd += !lexicon.pairs.contains(all[i - 1] + " " + all[i]);
    }
  }
  return {words == 0 ? 1.0 : strange / words, pairs == 0 ? 0.0 : odd / pairs};
}

bool is_finished(const std::string& reply) {
  const auto last = reply.find_last_not_of(" \n\t");
  return last != std::string::npos && std::string(".!?").find(reply[last]) != std::string::npos;
}

double broken(const std::string& reply) {
  const auto words = split_words(reply);
  if (words.empty()) return 1;
  const auto [strange, odd] = strangeness(reply);
  const double sum = 0.8 * strange + 0.8 * odd + std::max(0.0, 2 * share_of_repeats(words) - 0.2) +
                     (words.size() < 3 ? 0.3 : 0.0) + (is_finished(reply) ? 0.0 : 0.1);
  return std::min(1.0, sum);
}

}  // namespace

ReplyTraits traits_of(const std::string& prompt, const std::string& reply) {
  const ReplyCues cues = cues_of(reply);
  const double words = static_cast<double>(split_words(reply).size());
  ReplyTraits traits;
  traits.on_topic = on_topic(prompt, plain_words(reply));
  traits.dismissive = strength(cues.dismissive);
  traits.warm = strength(cues.warm);
  traits.concrete = strength(cues.concrete) - strength(cues.vague);
  traits.brevity =
      std::clamp(1 - 2 * (words - kBriefWords) / (kLongWords - kBriefWords), -1.0, 1.0);
  traits.offer = strength(cues.offer);
  traits.broken = broken(reply);
  return traits;
}

const Preference& preference_of(UserKind kind) {
  if (kind == UserKind::kHurried) return kHurried;
  return kind == UserKind::kWorried ? kWorried : kPractical;
}

double true_satisfaction(const std::string& prompt, const std::string& reply) {
  const ReplyTraits traits = traits_of(prompt, reply);
  const auto shares = kinds_of(prompt);
  double felt = 0;
  for (std::size_t k = 0; k < kUserKinds; ++k) {
    const Preference& w = preference_of(static_cast<UserKind>(k));
    felt += shares[k] *
            (w.base + w.on_topic * traits.on_topic + w.dismissive * traits.dismissive +
             w.warm * traits.warm + w.concrete * traits.concrete + w.brevity * traits.brevity +
             w.offer * traits.offer + w.broken * traits.broken);
  }
  return std::tanh(felt);
}

}  // namespace arf
