#include "learning/reply_batch.h"

#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

SampledTurn turn_of(const Tokens& context, const Tokens& response, const Tokens& stored) {
  SampledTurn turn;
  turn.context = context;
  turn.response = response;
  turn.stored = stored;
  return turn;
}

ScoredRollout rollout_of(const std::vector<SampledTurn>& turns) {
  ScoredRollout scored;
  scored.rollout.turns = turns;
  scored.rewards.assign(turns.size(), 0.0f);
  return scored;
}

// The scored tokens of a reply, by way of the batch.
Tokens scored_tokens(const ReplyBatch& packed, const ReplySpan& reply) {
  Tokens tokens;
  for (std::int64_t s = reply.begin; s < reply.end; ++s) {
    tokens.push_back(packed.batch.tokens[std::size_t(packed.batch.targets[std::size_t(s)])]);
  }
  return tokens;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reply_batch_test)

BOOST_AUTO_TEST_CASE(ADialogueThatGoesOnIsOneSequence) {
  const auto rollout =
      rollout_of({turn_of({1, 2}, {3, 4}, {5}), turn_of({1, 2, 3, 4, 9, 8}, {7}, {6, 6})});
  const ReplyBatch packed = pack_replies(std::vector{rollout}, WhichReply::kSampled);
  BOOST_TEST(packed.batch.tokens == (Tokens{1, 2, 3, 4, 9, 8, 7}),
             boost::test_tools::per_element());
  BOOST_TEST(packed.batch.segments.offsets == (Tokens{0, 7}), boost::test_tools::per_element());
  BOOST_TEST(packed.batch.targets == (Tokens{2, 3, 6}), boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(packed.replies.size(), 2u);
  BOOST_TEST((scored_tokens(packed, packed.replies[1]) == Tokens{7}));
}

BOOST_AUTO_TEST_CASE(AnotherContextStartsAnotherSequence) {
  // Stored contexts: the second turn follows the stored reply, not the sampled one.
  const auto rollout =
      rollout_of({turn_of({1, 2}, {3, 4}, {5}), turn_of({1, 2, 5, 9}, {7}, {6, 6})});
  const ReplyBatch sampled = pack_replies(std::vector{rollout}, WhichReply::kSampled);
  BOOST_TEST(sampled.batch.tokens == (Tokens{1, 2, 3, 4, 1, 2, 5, 9, 7}),
             boost::test_tools::per_element());
  BOOST_TEST(sampled.batch.segments.offsets == (Tokens{0, 4, 9}), boost::test_tools::per_element());
  const ReplyBatch stored = pack_replies(std::vector{rollout}, WhichReply::kStored);
  BOOST_TEST(stored.batch.tokens == (Tokens{1, 2, 5, 9, 6, 6}), boost::test_tools::per_element());
  BOOST_TEST(stored.batch.targets == (Tokens{2, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(SpansNameTheirRolloutAndTurn) {
  const ReplyBatch packed = pack_replies(
      std::vector{rollout_of({}), rollout_of({turn_of({1}, {2}, {3}), turn_of({1, 2}, {}, {4})}),
                  rollout_of({turn_of({5, 6}, {7, 8, 9}, {})})},
      WhichReply::kSampled);
  BOOST_REQUIRE_EQUAL(packed.replies.size(), 2u);  // a turn without reply is left out
  BOOST_TEST((packed.replies[0].rollout == 1u && packed.replies[0].turn == 0u));
  BOOST_TEST((packed.replies[1].rollout == 2u && packed.replies[1].turn == 0u));
  BOOST_TEST((scored_tokens(packed, packed.replies[0]) == Tokens{2}));
  BOOST_TEST((scored_tokens(packed, packed.replies[1]) == Tokens{7, 8, 9}));
  BOOST_TEST(packed.replies[1].size() == 3);
  const Tensor values = at::arange(4, at::kFloat);
  BOOST_TEST(same_bits(of_reply(values, packed.replies[1]), at::tensor({1.0f, 2.0f, 3.0f})));
}

// Packing must not show: each reply's log-probs are those of its own sequence.
BOOST_AUTO_TEST_CASE(LogProbsAreThoseOfEveryTurnAlone) {
  const Policy policy = small_policy();
  const LearningUnit unit = sampled_unit(policy);
  for (const WhichReply which : {WhichReply::kSampled, WhichReply::kStored}) {
    const ReplyBatch packed = pack_replies(unit.rollouts, which);
    const Tensor together = policy.forward(packed.batch).logprobs;
    for (const ReplySpan& reply : packed.replies) {
      const SampledTurn& turn = unit.rollouts[reply.rollout].rollout.turns[reply.turn];
      const Tokens& tokens = which == WhichReply::kSampled ? turn.response : turn.stored;
      TokenBatch alone;
      alone.append(joined(turn.context, tokens), turn.context.size(),
                   turn.context.size() + tokens.size());
      BOOST_TEST(same_bits(policy.forward(alone).logprobs, of_reply(together, reply)));
    }
  }
}

BOOST_AUTO_TEST_CASE(RewardsThatDoNotFitTheTurnsAreADefect) {
  ScoredRollout rollout = rollout_of({turn_of({1}, {2}, {3})});
  rollout.rollout.dialogue_id = "d7";
  rollout.rewards.push_back(1);
  check_says(error_of(ExitCode::kDefect,
                      [&] { pack_replies(std::vector{rollout}, WhichReply::kSampled); }),
             "d7");
}

BOOST_AUTO_TEST_SUITE_END()
