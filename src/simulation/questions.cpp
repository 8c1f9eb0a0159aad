#include "simulation/questions.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "simulation/topics.h"
#include "simulation/words.h"

namespace arf {
namespace {

struct Wording {
  std::vector<const char*> questions;  // {ask} is the topic's
  std::vector<const char*> cues;       // plain words that no other kind uses
};

const std::array<Wording, kUserKinds>& wordings() {
  static const std::array<Wording, kUserKinds> kWordings = {
      Wording{
          {"Quick one: how do I {ask}?", "In a rush here, how do I {ask}?",
           "Need this fast: how to {ask}?", "Briefly please, how do I {ask}?",
           "Short on time, so how do I {ask}?", "I am late already, how can I {ask}?",
           "Asap please: best way to {ask}?", "How do I {ask}? I am in a hurry.",
           "How to {ask}? Keep it quick."},
          {"quick", "rush", "fast", "briefly", "short on time", "late already", "asap", "hurry"}},
      Wording{{"I am a bit nervous, how do I {ask}?", "I am afraid to ask, but how do I {ask}?",
               "I always mess this up, how can I {ask}?", "Sorry to bother you, how do I {ask}?",
               "This worries me, how could I {ask}?", "I am so unsure: how do I {ask}?",
               "How do I {ask}? I dread it.", "Please do not laugh, how do I {ask}?",
               "How can I {ask}? I feel anxious."},
              {"nervous", "afraid", "mess this up", "sorry to bother", "worries", "unsure", "dread",
               "laugh", "anxious"}},
      Wording{{"What exactly do I do to {ask}?", "Which steps does it take to {ask}?",
               "My tools are ready, how do I {ask}?", "Step by step please: how do I {ask}?",
               "Give me the details, how do I {ask}?", "I start today, how do I {ask}?",
               "In practice, how do I {ask}?", "How do I {ask}? My sleeves are up.",
               "How can I {ask}? I want to try it now."},
              {"exactly", "steps", "tools", "step by step", "details", "start today", "practice",
               "sleeves", "try it now"}}};
  return kWordings;
}

}  // namespace

std::string ask_question(UserKind kind, std::size_t topic, Dice* dice) {
  const Wording& wording = wordings()[static_cast<std::size_t>(kind)];
  const std::string question = dice->pick(wording.questions);
  return fill(question, "{ask}", dice->pick(topics().at(topic).asks));
}

std::array<double, kUserKinds> kinds_of(const std::string& prompt) {
  const std::string plain = plain_words(prompt);
  std::array<double, kUserKinds> shares{};
  for (std::size_t k = 0; k < kUserKinds; ++k) shares[k] = count_cues(plain, wordings()[k].cues);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = sum == 0 ? 1.0 / kUserKinds : share / sum;
  return shares;
}

}  // namespace arf
