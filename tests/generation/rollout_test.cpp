// Rollouts that were sampled before: whether they can be a dialogue's, and their log-probs once
// more.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "generation/rollout_logprobs.h"
#include "tests/generation/small_world.h"

using namespace arf;

BOOST_FIXTURE_TEST_SUITE(rollout_test, SmallWorld)

// Of a journal: what sample() made is taken again; nothing else of it, whatever hash it has.
BOOST_AUTO_TEST_CASE(what_was_not_sampled_of_a_dialogue_is_known) {
  using Change = std::function<void(Rollout&)>;
  const std::vector<std::pair<const char*, Change>> changes = {
      {"id", [](Rollout& r) { r.dialogue_id = "e"; }},
      {"row", [](Rollout& r) { r.dialogue_row += 1; }},
      {"sample", [](Rollout& r) { r.sample += 1; }},
      {"no turns", [](Rollout& r) { r.turns.clear(); }},
      {"one turn less", [](Rollout& r) { r.turns.pop_back(); }},
      {"one turn more", [](Rollout& r) { r.turns.push_back(r.turns.back()); }},
      {"turn", [](Rollout& r) { r.turns[0].turn += 2; }},
      {"empty context", [](Rollout& r) { r.turns[0].context.clear(); }},
      {"context", [](Rollout& r) { r.turns.back().context.back() ^= 1; }},
      {"no reply", [](Rollout& r) { r.turns[0].response.clear(); }},
      {"token", [](Rollout& r) { r.turns[0].response[0] = 999999; }},
      {"negative token", [](Rollout& r) { r.turns[0].response[0] = -7; }},
      {"a log-prob less", [](Rollout& r) { r.turns[0].logprobs.pop_back(); }},
      {"a drawn log-prob less", [](Rollout& r) { r.turns[0].drawn_logprobs.pop_back(); }},
      {"longer reply", [](Rollout& r) { r.turns.back().response.resize(13); }},
      {"stored", [](Rollout& r) { r.turns[0].stored.push_back(1); }},
      {"score", [](Rollout& r) { r.turns[0].stored_score = 0.75f; }},
      {"prompt", [](Rollout& r) { r.turns[0].prompt += "?"; }},
      {"text", [](Rollout& r) { r.turns[0].text += "!"; }},
  };
  const Generator generator(decoder, tokenizer, chat, settings);
  const auto unit = all();
  for (const TraceContext context : {TraceContext::kSampled, TraceContext::kStored}) {
    const auto rollouts = sample(unit, context);
    for (std::size_t i = 0; i < unit.size(); ++i) {
      BOOST_TEST(generator.can_have_sampled(unit[i], context, rollouts[i]));
      for (const auto& [what, change] : changes) {
        Rollout other = rollouts[i];
        change(other);
        BOOST_TEST(!generator.can_have_sampled(unit[i], context, other), what);
      }
    }
  }
  // A dialogue none of whose turns fits has no turns.
  settings.max_context = 3;
  const Generator narrow(decoder, tokenizer, chat, settings);
  for (const Rollout& rollout : sample({unit[0]}, TraceContext::kSampled)) {
    BOOST_TEST(rollout.turns.empty());
    BOOST_TEST(narrow.can_have_sampled(unit[0], TraceContext::kSampled, rollout));
  }
}

// Whichever context the turns have: one that goes on, or one that goes back to the stored replies.
BOOST_AUTO_TEST_CASE(a_rollouts_logprobs_can_be_computed_again_by_the_cache) {
  for (const TraceContext context : {TraceContext::kSampled, TraceContext::kStored}) {
    std::size_t turns = 0;
    for (const Rollout& rollout : sample(all(), context)) {
      std::vector<float> recorded;
      for (const SampledTurn& turn : rollout.turns) {
        recorded.insert(recorded.end(), turn.logprobs.begin(), turn.logprobs.end());
      }
      BOOST_TEST((rollout_logprobs(decoder, &adapter, rollout) == recorded));
      BOOST_TEST((rollout_logprobs(decoder, nullptr, rollout) != recorded));
      turns = std::max(turns, rollout.turns.size());
    }
    BOOST_TEST(turns >= 3u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
