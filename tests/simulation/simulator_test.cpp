#include "simulation/simulator.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

#include "simulation/preference.h"
#include "simulation/replies.h"
#include "simulation/topics.h"
#include "simulation/words.h"

using namespace arf;

namespace {

constexpr std::uint64_t kRows = 2000;

std::vector<Dialogue> corpus(std::uint64_t seed, std::uint64_t rows) {
  const Simulator simulator(seed);
  std::vector<Dialogue> made;
  for (std::uint64_t row = 0; row < rows; ++row) made.push_back(simulator.dialogue(row));
  return made;
}

struct Corpus {
  std::vector<Dialogue> dialogues = corpus(1, kRows);
  // body(prompt, reply, follow-up) for every stored reply.
  template <typename Body>
  void for_replies(Body&& body) const {
    for (const Dialogue& dialogue : dialogues) {
      for (std::size_t t = 1; t < dialogue.turns.size(); t += 2) {
        body(dialogue.turns[t - 1].text, dialogue.turns[t].text, dialogue.turns[t + 1]);
      }
    }
  }
};

// The best of all plans of a reply to the prompt, each composed once.
double best_reply(const std::string& prompt, Dice* dice) {
  double best = -1;
  for (int traits = 0; traits < 24; ++traits) {
    const ReplyPlan plan{*topic_of(prompt), static_cast<Opening>(traits / 8 - 1), (traits & 1) != 0,
                         (traits & 2) != 0, (traits & 4) != 0};
    best = std::max(best, true_satisfaction(prompt, compose_reply(plan, dice)));
  }
  return best;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(simulator_test, Corpus)

BOOST_AUTO_TEST_CASE(a_row_depends_on_the_seed_and_its_number_alone) {
  BOOST_TEST((corpus(1, 20) == std::vector<Dialogue>(dialogues.begin(), dialogues.begin() + 20)));
  BOOST_TEST((Simulator(1).dialogue(1234) == dialogues[1234]));
  BOOST_TEST(!(Simulator(2).dialogue(0).turns == dialogues[0].turns));
  std::set<std::string> texts;
  for (const Dialogue& dialogue : dialogues) {
    std::string text;
    for (const Turn& turn : dialogue.turns) text += turn.text + "\n";
    texts.insert(text);
  }
  BOOST_TEST(texts.size() == kRows);
}

BOOST_AUTO_TEST_CASE(user_and_assistant_alternate_and_the_last_turn_is_feedback_alone) {
  std::set<std::string> ids;
  std::set<std::size_t> lengths;
  for (const Dialogue& dialogue : dialogues) {
    ids.insert(dialogue.id);
    lengths.insert(dialogue.turns.size());
    BOOST_REQUIRE(dialogue.source == "simulate" && dialogue.task == "simulate");
    for (std::size_t t = 0; t < dialogue.turns.size(); ++t) {
      const Turn& turn = dialogue.turns[t];
      const bool user = t % 2 == 0;
      BOOST_REQUIRE((turn.role == (user ? TurnRole::kUser : TurnRole::kAssistant)));
      BOOST_REQUIRE(turn.satisfaction.has_value() == (user && t > 0));
    }
    BOOST_REQUIRE(topic_of(dialogue.turns[0].text).has_value());
    BOOST_REQUIRE(!topic_of(dialogue.turns.back().text).has_value());
  }
  BOOST_TEST(ids.size() == kRows);
  BOOST_TEST((lengths == std::set<std::size_t>{5, 7, 9}));
}

BOOST_AUTO_TEST_CASE(one_kind_of_user_shows_in_every_question_of_a_dialogue) {
  for (const Dialogue& dialogue : dialogues) {
    const auto first = kinds_of(dialogue.turns[0].text);
    BOOST_REQUIRE(*std::max_element(first.begin(), first.end()) == 1.0);
    for (std::size_t t = 2; t + 1 < dialogue.turns.size(); t += 2) {
      BOOST_REQUIRE(topic_of(dialogue.turns[t].text).has_value());
      BOOST_TEST(kinds_of(dialogue.turns[t].text) == first, dialogue.turns[t].text);
    }
  }
}

BOOST_AUTO_TEST_CASE(stored_replies_are_mediocre_and_the_best_ones_far_better) {
  double sum = 0, square = 0, best = 0, best_count = 0, count = 0;
  Dice dice(RandomStream(1, Purpose::kTest, 1));
  for_replies([&](const std::string& prompt, const std::string& reply, const Turn&) {
    const double satisfaction = true_satisfaction(prompt, reply);
    sum += satisfaction;
    square += satisfaction * satisfaction;
    count += 1;
    if (std::fmod(count, 4) != 0) return;
    best += best_reply(prompt, &dice);
    best_count += 1;
  });
  BOOST_TEST_MESSAGE("mean " << sum / count << ", best " << best / best_count);
  BOOST_TEST(std::abs(sum / count) < 0.06);
  BOOST_TEST(std::sqrt(square / count) > 0.5);  // they differ a lot
  BOOST_TEST(best / best_count > 0.88);
}

BOOST_AUTO_TEST_CASE(reactions_follow_the_true_satisfaction_with_noise) {
  double count[3] = {}, sum[3] = {}, pleased_but_bad = 0, pleased = 0;
  for_replies([&](const std::string& prompt, const std::string& reply, const Turn& next) {
    const double satisfaction = true_satisfaction(prompt, reply);
    const Satisfaction shown = *next.satisfaction;
    const int mood = shown.good > 0 ? 2 : shown.neutral > 0 ? 1 : 0;
    count[mood] += 1;
    sum[mood] += satisfaction;
    pleased += satisfaction > 0.8;
    pleased_but_bad += satisfaction > 0.8 && mood == 0;
  });
  const double all = count[0] + count[1] + count[2];
  BOOST_TEST_MESSAGE("bad " << count[0] / all << " neutral " << count[1] / all << " good "
                            << count[2] / all);
  for (const double of_mood : count) BOOST_TEST(of_mood / all > 0.15);
  BOOST_TEST(sum[0] / count[0] < -0.35);
  BOOST_TEST(std::abs(sum[1] / count[1]) < 0.15);
  BOOST_TEST(sum[2] / count[2] > 0.35);
  BOOST_TEST(pleased_but_bad > 0);
  BOOST_TEST(pleased_but_bad / pleased < 0.06);
}

BOOST_AUTO_TEST_CASE(texts_are_short) {
  double words = 0, dialogue_words = 0, count = 0;
  for_replies([&](const std::string& prompt, const std::string& reply, const Turn&) {
    words += static_cast<double>(split_words(reply).size());
    dialogue_words += static_cast<double>(split_words(prompt + " " + reply).size());
    count += 1;
  });
  BOOST_TEST_MESSAGE("words: reply " << words / count << ", dialogue " << dialogue_words / kRows);
  BOOST_TEST(words / count < 20);
  BOOST_TEST(dialogue_words / kRows < 110);
}

BOOST_AUTO_TEST_SUITE_END()
