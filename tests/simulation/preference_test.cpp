#include "simulation/preference.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "simulation/replies.h"
#include "simulation/topics.h"
#include "simulation/words.h"

using namespace arf;

namespace {

Dice dice(std::uint64_t unit) { return Dice(RandomStream(5, Purpose::kTest, unit)); }

constexpr UserKind kKinds[] = {UserKind::kHurried, UserKind::kWorried, UserKind::kPractical};

// Mean over prompts and wordings of a kind's satisfaction with replies of this plan.
double mean_satisfaction(UserKind kind, ReplyPlan plan, bool off_topic = false) {
  double sum = 0;
  constexpr int kCount = 200;
  for (int i = 0; i < kCount; ++i) {
    Dice draws = dice(static_cast<std::uint64_t>(i));
    const std::size_t asked = draws.below(topics().size());
    plan.topic = off_topic ? (asked + 7) % topics().size() : asked;
    const std::string prompt = ask_question(kind, asked, &draws);
    sum += true_satisfaction(prompt, compose_reply(plan, &draws));
  }
  return sum / kCount;
}

ReplyPlan plan_of(Opening opening, bool concrete, bool rambling, bool offer) {
  return {0, opening, concrete, rambling, offer};
}

const std::string kWorriedPrompt = "I am a bit nervous, how do I boil the eggs?";
const std::string kHurriedPrompt = "Quick one: how do I boil the eggs?";

}  // namespace

BOOST_AUTO_TEST_SUITE(preference_test)

BOOST_AUTO_TEST_CASE(the_traits_of_a_composed_reply_are_found_in_its_words) {
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Dice draws = dice(i);
    const std::size_t asked = draws.below(topics().size());
    const ReplyPlan plan = draw_plan(asked, &draws);
    const std::string prompt = ask_question(kKinds[i % 3], asked, &draws);
    const std::string reply = compose_reply(plan, &draws);
    const ReplyTraits traits = traits_of(prompt, reply);
    const bool found = (traits.on_topic > 0.5) == (plan.topic == asked) &&
                       (traits.on_topic < -0.5) == (plan.topic != asked) &&
                       (traits.warm > 0.5) == (plan.opening == Opening::kWarm) &&
                       (traits.dismissive > 0.5) == (plan.opening == Opening::kDismissive) &&
                       (traits.concrete > 0.5) == plan.concrete &&
                       (traits.concrete < -0.5) == !plan.concrete &&
                       (traits.offer > 0.5) == plan.offer && traits.broken < 0.1;
    BOOST_TEST(found, prompt << " / " << reply);
  }
}

BOOST_AUTO_TEST_CASE(a_cue_speaks_of_one_topic) {
  std::map<std::string, std::string> owner;
  for (const Topic& topic : topics()) {
    for (const char* cue : topic.cues) {
      BOOST_TEST(owner.emplace(cue, topic.noun).second, cue);
    }
    for (const char* ask : topic.asks) BOOST_TEST(topics()[*topic_of(ask)].noun == topic.noun, ask);
    for (const auto* texts : {&topic.asks, &topic.steps}) {
      for (const char* text : *texts) {
        for (const Topic& other : topics()) {
          if (&other == &topic) continue;
          BOOST_TEST(count_cues(plain_words(text), other.cues) == 0, text << " / " << other.noun);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_kind_of_user_dislikes_off_topic_and_dismissive_replies) {
  for (const UserKind kind : kKinds) {
    for (int traits = 0; traits < 8; ++traits) {
      const bool concrete = traits & 1, rambling = traits & 2, offer = traits & 4;
      const auto plain = plan_of(Opening::kNone, concrete, rambling, offer);
      const double level = mean_satisfaction(kind, plain);
      BOOST_TEST(mean_satisfaction(kind, plain, true) < level - 0.1);
      BOOST_TEST(mean_satisfaction(kind, plan_of(Opening::kDismissive, concrete, rambling, offer)) <
                 level - 0.05);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_kind_of_user_likes_its_own_trait_most) {
  const auto gain = [](UserKind kind, ReplyPlan with, ReplyPlan without) {
    return mean_satisfaction(kind, with) - mean_satisfaction(kind, without);
  };
  const auto plain = plan_of(Opening::kNone, false, false, false);
  const auto warm = plan_of(Opening::kWarm, false, false, false);
  const auto concrete = plan_of(Opening::kNone, true, false, false);
  const auto rambling = plan_of(Opening::kNone, false, true, false);
  const auto offer = plan_of(Opening::kNone, false, false, true);
  for (const UserKind kind : kKinds) {
    const bool hurried = kind == UserKind::kHurried, worried = kind == UserKind::kWorried;
    BOOST_TEST(gain(kind, concrete, plain) > 0);
    BOOST_TEST((gain(kind, concrete, plain) > 0.8) == (kind == UserKind::kPractical));
    BOOST_TEST((gain(kind, warm, plain) > 0.3) == worried);
    BOOST_TEST((gain(kind, offer, plain) < 0) == hurried);
    BOOST_TEST(gain(kind, rambling, plain) < 0);
    BOOST_TEST((gain(kind, rambling, plain) < -0.4) == hurried);
  }
}

BOOST_AUTO_TEST_CASE(broken_text_is_worth_less_than_any_reply_of_the_grammar) {
  for (const std::string& prompt : {kWorriedPrompt, kHurriedPrompt}) {
    for (const char* text :
         {"", " ", "...", "egg egg egg egg egg egg egg egg", "\xEF\xBF\xBD\xEF\xBF\xBD boil",
          "minutes eggs first the then Happy glad twice lovely until",
          "Happy to help! Happy to help! Happy to help! Happy to help!", "qzx vblorp egggs wnter.",
          "<|im_start|>user"}) {
      BOOST_TEST(true_satisfaction(prompt, text) < -0.5, text);
    }
    BOOST_TEST(true_satisfaction(prompt, std::string(5000, 'a')) < -0.9);
  }
}

BOOST_AUTO_TEST_CASE(the_more_of_a_reply_is_broken_the_less_it_is_worth) {
  const std::string whole = "Happy to help! For the eggs, boil them for eight minutes.";
  const double level = true_satisfaction(kWorriedPrompt, whole);
  double last = level;
  BOOST_TEST(level > 0.7);
  for (const char* text : {"Happy to help! For the eggs, boil them for eight minu",
                           "Happy to help! For the eggs, them boil fr eight minu",
                           "Happy to hel! Forr thegs, bol thm fr eight minu"}) {
    const double satisfaction = true_satisfaction(kWorriedPrompt, text);
    BOOST_TEST(satisfaction < last, text);
    last = satisfaction;
  }
}

BOOST_AUTO_TEST_CASE(a_users_kind_shows_in_the_prompt_and_is_mixed_where_it_does_not) {
  const std::string reply = "Happy to help! For the eggs, it varies a lot. Shall I go on?";
  const std::string plain = "How do I boil the eggs?";
  BOOST_TEST((kinds_of(kHurriedPrompt) == std::array<double, 3>{1, 0, 0}));
  BOOST_TEST((kinds_of(kWorriedPrompt) == std::array<double, 3>{0, 1, 0}));
  const double hurried = true_satisfaction(kHurriedPrompt, reply);
  const double worried = true_satisfaction(kWorriedPrompt, reply);
  const double mixed = true_satisfaction(plain, reply);
  BOOST_TEST(hurried < mixed);
  BOOST_TEST(mixed < worried);
}

BOOST_AUTO_TEST_CASE(the_case_of_the_prompt_and_what_stands_before_the_question_do_not_matter) {
  const std::string reply = "For the eggs, boil them for eight minutes.";
  const double level = true_satisfaction(kHurriedPrompt, reply);
  BOOST_TEST(true_satisfaction("quick one: how do i boil the EGGS", reply) == level);
  BOOST_TEST(true_satisfaction("Thanks for nothing! " + kHurriedPrompt, reply) == level);
}

BOOST_AUTO_TEST_SUITE_END()
