#include "simulation/replies.h"

#include "simulation/topics.h"
#include "simulation/words.h"

namespace arf {
namespace {

// Shares of the traits among the stored replies.
constexpr double kOnTopic = 0.75, kWarm = 0.3, kDismissive = 0.3, kConcrete = 0.5, kRambling = 0.4,
                 kOffer = 0.4;

constexpr const char* kWarmOpenings[] = {"Happy to help!",
                                         "What a lovely idea.",
                                         "That is a good question.",
                                         "You will do fine.",
                                         "Nice plan, I like it.",
                                         "I am glad you asked!",
                                         "That sounds wonderful.",
                                         "Do not worry at all.",
                                         "We can manage this together.",
                                         "You are not alone with this."};
constexpr const char* kWarmCues[] = {"happy to help", "lovely",   "good question", "will do fine",
                                     "nice plan",     "glad",     "wonderful",     "not worry",
                                     "together",      "not alone"};

constexpr const char* kDismissiveOpenings[] = {
    "Look it up yourself.", "Why ask me?", "That is obvious.",       "Everybody knows this.",
    "Not my problem.",      "Whatever.",   "What a silly question.", "You should know that.",
    "I am busy.",           "Who cares."};
constexpr const char* kDismissiveCues[] = {
    "look it up", "why ask", "obvious",     "everybody knows", "not my problem",
    "whatever",   "silly",   "should know", "am busy",         "who cares"};

// The topic comes first, so that the rest of an answer hangs on a word that is near.
constexpr const char* kLeads[] = {"For the {noun}, ", "With the {noun}, ", "About the {noun}, ",
                                  "As for the {noun}, "};
constexpr const char* kVagueAnswers[] = {
    "it depends on many things",        "there are many ways",
    "somehow it will sort out",         "perhaps a bit of something could do",
    "various people do various things", "it is hard to say much",
    "generally it can go either way",   "one thing or another might do",
    "maybe think about it for a while", "it varies a lot"};
constexpr const char* kVagueCues[] = {"depends",          "many ways",   "somehow",   "perhaps",
                                      "various",          "hard to say", "generally", "either way",
                                      "thing or another", "maybe",       "varies"};
// Of a concrete step: an order, an amount, an end. The numbers themselves count as well.
constexpr const char* kStepCues[] = {"first",   "then",    "until", "twice", "every", "times",
                                     "seconds", "minutes", "hours", "days",  "weeks"};

constexpr const char* kRambles[] = {
    "My cousin told me a long story about something like that.",
    "People have talked about such things since my grandmother was young.",
    "I remember a Sunday when everyone had another opinion on it.",
    "Some say this and some say that, and so it goes.",
    "By the way, the weather was rather strange all this spring.",
    "As they say, all roads lead to somewhere in the end.",
    "It reminds me of a book that nobody ever finished.",
    "Anyway, there is so much one could still say about this.",
    "Where was I, yes, there is always more to everything.",
    "Long ago all of it was quite different, of course."};

constexpr const char* kOffers[] = {"Shall I go on?",           "Would you like more?",
                                   "Want me to explain?",      "Just ask if you get stuck.",
                                   "Let me know how it goes.", "Tell me if it helps.",
                                   "Can I do more for you?",   "Do you want another tip?"};
constexpr const char* kOfferCues[] = {"shall i",     "would you like", "want me to", "just ask",
                                      "let me know", "tell me if",     "can i do",   "another tip"};

void add_sentence(const std::string& sentence, Lexicon* lexicon) {
  for (const std::string& part : split_sentences(sentence)) {
    const std::vector<std::string> words = split_words(part);
    lexicon->words.insert(words.begin(), words.end());
    for (std::size_t i = 1; i < words.size(); ++i) {
      lexicon->pairs.insert(words[i - 1] + " " + words[i]);
    }
  }
}

Lexicon make_lexicon() {
  Lexicon lexicon;
  for (const char* sentence : kWarmOpenings) add_sentence(sentence, &lexicon);
  for (const char* sentence : kDismissiveOpenings) add_sentence(sentence, &lexicon);
  for (const char* sentence : kRambles) add_sentence(sentence, &lexicon);
  for (const char* sentence : kOffers) add_sentence(sentence, &lexicon);
  for (const Topic& topic : topics()) {
    for (const char* lead : kLeads) {
      const std::string begun = fill(lead, "{noun}", topic.noun);
      for (const char* answer : kVagueAnswers) add_sentence(begun + answer, &lexicon);
      for (const char* step : topic.steps) {
        for (const char* number : numbers())
          add_sentence(begun + fill(step, "{n}", number), &lexicon);
      }
    }
  }
  return lexicon;
}

}  // namespace

ReplyPlan draw_plan(std::size_t asked, Dice* dice) {
  ReplyPlan plan;
  const std::size_t other = (asked + 1 + dice->below(topics().size() - 1)) % topics().size();
  plan.topic = dice->chance(kOnTopic) ? asked : other;
  plan.opening = dice->chance(kWarm)                       ? Opening::kWarm
                 : dice->chance(kDismissive / (1 - kWarm)) ? Opening::kDismissive
                                                           : Opening::kNone;
  plan.concrete = dice->chance(kConcrete);
  plan.rambling = dice->chance(kRambling);
  plan.offer = dice->chance(kOffer);
  return plan;
}

std::string compose_reply(const ReplyPlan& plan, Dice* dice) {
  const Topic& topic = topics().at(plan.topic);
  std::string reply;
  if (plan.opening == Opening::kWarm) reply = std::string(dice->pick(kWarmOpenings)) + " ";
  if (plan.opening == Opening::kDismissive) {
    reply = std::string(dice->pick(kDismissiveOpenings)) + " ";
  }
  reply += fill(dice->pick(kLeads), "{noun}", topic.noun);
  reply += plan.concrete ? fill(dice->pick(topic.steps), "{n}", dice->pick(numbers()))
                         : std::string(dice->pick(kVagueAnswers));
  reply += ".";
  if (plan.rambling) reply += std::string(" ") + dice->pick(kRambles);
  if (plan.offer) reply += std::string(" ") + dice->pick(kOffers);
  return reply;
}

ReplyCues cues_of(const std::string& reply) {
  const std::string plain = plain_words(reply);
  return {count_cues(plain, kWarmCues), count_cues(plain, kDismissiveCues),
          count_cues(plain, kStepCues) + count_cues(plain, numbers()),
          count_cues(plain, kVagueCues), count_cues(plain, kOfferCues)};
}

const Lexicon& reply_lexicon() {
  static const Lexicon lexicon = make_lexicon();
  return lexicon;
}

}  // namespace arf
