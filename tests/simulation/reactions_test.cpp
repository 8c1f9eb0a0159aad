#include "simulation/reactions.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "simulation/questions.h"
#include "simulation/topics.h"
#include "simulation/words.h"

using namespace arf;

namespace {
Dice dice(std::uint64_t unit) { return Dice(RandomStream(6, Purpose::kTest, unit)); }

std::map<std::string, std::set<Mood>> reactions(std::uint64_t seed, std::uint64_t count,
                                                std::uint64_t first = 0) {
  const Population population(seed);
  std::map<std::string, std::set<Mood>> said;
  for (std::uint64_t i = 0; i < count; ++i) {
    Dice draws = dice(first + i);
    const auto mood = static_cast<Mood>(i % 3);
    said[plain_words(population.react(mood, &draws))].insert(mood);
  }
  return said;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(reactions_test)

BOOST_AUTO_TEST_CASE(reactions_are_many_and_some_are_said_in_several_moods) {
  const auto said = reactions(1, 3000);
  BOOST_TEST(said.size() > 1000u);
  const auto shared = std::count_if(said.begin(), said.end(),
                                    [](const auto& entry) { return entry.second.size() > 1; });
  BOOST_TEST(shared > 5);
}

BOOST_AUTO_TEST_CASE(another_population_says_what_the_first_never_said) {
  std::set<std::string> known;
  for (const auto& [text, moods] : reactions(1, 6000)) {
    for (const std::string& word : split_words(text)) known.insert(word);
  }
  // Reactions of a population with a word that is not known; a slip of the pen makes some.
  const auto fresh = [&](std::uint64_t seed) {
    double count = 0;
    const auto said = reactions(seed, 3000, 6000);
    for (const auto& [text, moods] : said) {
      const auto words = split_words(text);
      count += std::any_of(words.begin(), words.end(),
                           [&](const std::string& word) { return !known.contains(word); });
    }
    return count / static_cast<double>(said.size());
  };
  BOOST_TEST_MESSAGE("fresh: same population " << fresh(1) << ", others " << fresh(2) << " "
                                               << fresh(3));
  BOOST_TEST(fresh(2) > fresh(1) + 0.01);
  BOOST_TEST(fresh(3) > fresh(1) + 0.01);
}

BOOST_AUTO_TEST_CASE(a_reaction_tells_nothing_of_kind_and_topic) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    for (const auto& [text, moods] : reactions(seed, 6000)) {
      BOOST_TEST(!topic_of(text).has_value(), text);
      BOOST_TEST(kinds_of(text)[0] == kinds_of(text)[1], text);
      BOOST_TEST(kinds_of(text)[1] == kinds_of(text)[2], text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_satisfied_user_shows_it_as_a_rule) {
  int good = 0, bad = 0, neutral = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Dice draws = dice(i);
    good += draw_mood(0.9, &draws) == Mood::kGood;
    bad += draw_mood(-0.9, &draws) == Mood::kBad;
    neutral += draw_mood(0, &draws) == Mood::kNeutral;
  }
  BOOST_TEST(good > 850);
  BOOST_TEST(good < 970);
  BOOST_TEST(bad > 850);
  BOOST_TEST(neutral > 400);
  BOOST_TEST(neutral < 650);
}

BOOST_AUTO_TEST_CASE(what_a_mood_expresses_is_one_hot) {
  BOOST_TEST(satisfaction_of(Mood::kGood).reward() == 1.0f);
  BOOST_TEST(satisfaction_of(Mood::kBad).reward() == -1.0f);
  BOOST_TEST((satisfaction_of(Mood::kNeutral) == Satisfaction{0, 1, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
