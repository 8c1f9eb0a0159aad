#include "generation/generator.h"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "tests/generation/small_world.h"
#include "tests/text/fixtures.h"

using namespace arf;

namespace {

std::vector<std::int32_t> joined(std::vector<std::int32_t> a, const std::vector<std::int32_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<const SampledTurn*> turns_of(const std::vector<Rollout>& rollouts) {
  std::vector<const SampledTurn*> turns;
  for (const Rollout& rollout : rollouts) {
    for (const SampledTurn& turn : rollout.turns) turns.push_back(&turn);
  }
  return turns;
}

// The log-probs as the learner computes them: all turns packed in one batch, teacher-forced.
std::vector<float> learner_logprobs(const SmallWorld& world, const std::vector<Rollout>& rollouts) {
  TokenBatch batch;
  for (const SampledTurn* turn : turns_of(rollouts)) {
    const auto tokens = joined(turn->context, turn->response);
    batch.append(tokens, turn->context.size(), tokens.size());
  }
  const at::NoGradGuard no_grad;
  const Tensor logprobs = world.decoder.token_logprobs(batch, &world.adapter).contiguous();
  return {logprobs.data_ptr<float>(), logprobs.data_ptr<float>() + logprobs.numel()};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(generator_test, SmallWorld)

BOOST_AUTO_TEST_CASE(a_rollout_is_the_same_alone_and_in_any_unit) {
  for (const TraceContext context : {TraceContext::kSampled, TraceContext::kStored}) {
    const auto unit = all();
    const auto together = sample(unit, context);
    for (std::size_t i = 0; i < unit.size(); ++i) {
      BOOST_TEST((sample({unit[i]}, context).at(0) == together[i]));
    }
    const auto backwards = sample({unit.rbegin(), unit.rend()}, context);
    for (std::size_t i = 0; i < unit.size(); ++i) {
      BOOST_TEST((backwards[unit.size() - 1 - i] == together[i]));
    }
  }
}

BOOST_AUTO_TEST_CASE(recorded_logprobs_have_the_bits_of_the_learners) {
  for (const SamplingRule& rule :
       {SamplingRule{}, SamplingRule{.temperature = 0.6},
        SamplingRule{.top_k = 5, .top_p = 0.9, .min_p = 0.02, .repetition_penalty = 1.2}}) {
    settings.rule = rule;
    for (const TraceContext context : {TraceContext::kSampled, TraceContext::kStored}) {
      const auto rollouts = sample(all(), context);
      std::vector<float> recorded;
      for (const SampledTurn* turn : turns_of(rollouts)) {
        recorded.insert(recorded.end(), turn->logprobs.begin(), turn->logprobs.end());
      }
      const auto expected = learner_logprobs(*this, rollouts);
      BOOST_REQUIRE_EQUAL(recorded.size(), expected.size());
      std::size_t unequal = 0;
      for (std::size_t i = 0; i < recorded.size(); ++i) {
        unequal += std::memcmp(&recorded[i], &expected[i], sizeof(float)) != 0;
      }
      BOOST_TEST(unequal == 0u, unequal << " of " << recorded.size() << " log-probs differ");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_adapter_matters) {
  const Generator generator(decoder, tokenizer, chat, settings);
  const auto base =
      generator.sample(all(), nullptr, TraceContext::kStored, 11, Purpose::kSampling, 4);
  BOOST_TEST((base != sample(all(), TraceContext::kStored)));
}

BOOST_AUTO_TEST_CASE(every_part_of_the_key_gives_other_replies) {
  const Generator generator(decoder, tokenizer, chat, settings);
  const auto replies = [&](std::uint64_t seed, Purpose purpose, std::uint64_t iteration,
                           std::uint64_t row, std::uint32_t sample) {
    return generator
        .sample({{row, sample, &dialogues[1]}}, &adapter, TraceContext::kStored, seed, purpose,
                iteration)
        .at(0)
        .turns;
  };
  const auto first = replies(11, Purpose::kSampling, 4, 1, 0);
  BOOST_TEST((first == replies(11, Purpose::kSampling, 4, 1, 0)));
  BOOST_TEST((first != replies(12, Purpose::kSampling, 4, 1, 0)));
  BOOST_TEST((first != replies(11, Purpose::kEvaluate, 4, 1, 0)));
  BOOST_TEST((first != replies(11, Purpose::kSampling, 5, 1, 0)));
  BOOST_TEST((first != replies(11, Purpose::kSampling, 4, 2, 0)));
  BOOST_TEST((first != replies(11, Purpose::kSampling, 4, 1, 1)));
}

BOOST_AUTO_TEST_CASE(greedy_replies_are_the_argmax_of_the_teacher_forced_logits) {
  settings.rule.temperature = 0;
  const auto rollouts = sample(all(), TraceContext::kSampled);
  for (const SampledTurn* turn : turns_of(rollouts)) {
    const auto tokens = joined(turn->context, turn->response);
    const at::NoGradGuard no_grad;
    const Tensor hidden = decoder.forward(
        tokens, ops::Segments{{0, static_cast<std::int32_t>(tokens.size())}}, &adapter);
    const Tensor best = ops::logits(hidden, decoder.head()).argmax(1);
    for (std::size_t i = 0; i < turn->response.size(); ++i) {
      BOOST_TEST(
          best[static_cast<std::int64_t>(turn->context.size() + i) - 1].item<std::int64_t>() ==
          turn->response[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reply_ends_with_the_end_token_or_at_its_limit) {
  std::size_t ended = 0, cut = 0;
  const auto rollouts = sample(all(), TraceContext::kSampled);
  for (const SampledTurn* turn : turns_of(rollouts)) {
    const auto end = std::find(turn->response.begin(), turn->response.end(), chat.end_of_turn());
    if (end == turn->response.end()) {
      BOOST_TEST(turn->response.size() == 12u);
      ++cut;
    } else {
      BOOST_TEST((end + 1 == turn->response.end()));
      ++ended;
    }
    BOOST_TEST(turn->logprobs.size() == turn->response.size());
    BOOST_TEST(turn->text == tokenizer.decode(turn->response));
  }
  BOOST_TEST(ended > 0u);
  BOOST_TEST(cut > 0u);
}

BOOST_AUTO_TEST_CASE(ignoring_the_end_gives_full_replies) {
  settings.ignore_end = true;
  const auto rollouts = sample(all(), TraceContext::kStored);
  for (const SampledTurn* turn : turns_of(rollouts)) {
    BOOST_TEST(turn->response.size() == 12u);
  }
}

BOOST_AUTO_TEST_CASE(stored_contexts_are_those_of_the_tokenized_dialogue) {
  const auto rollouts = sample(all(), TraceContext::kStored);
  const std::vector<std::size_t> expected_turns = {1, 3, 1, 2};
  for (std::size_t i = 0; i < dialogues.size(); ++i) {
    BOOST_REQUIRE_EQUAL(rollouts[i].turns.size(), expected_turns[i]);
    const TokenizedDialogue whole = chat.tokenize(dialogues[i]);
    for (std::size_t t = 0; t < whole.replies.size(); ++t) {
      const auto& reply = whole.replies[t];
      const SampledTurn& turn = rollouts[i].turns[t];
      const auto begin = whole.tokens.begin();
      BOOST_TEST(turn.turn == reply.turn);
      BOOST_TEST((turn.context == std::vector<TokenId>(begin, begin + reply.begin)));
      BOOST_TEST((turn.stored == std::vector<TokenId>(begin + reply.begin, begin + reply.end)));
      BOOST_TEST(turn.prompt == dialogues[i].turns[reply.turn - 1].text);
      BOOST_TEST(turn.stored_score.value() == 0.25f);
    }
  }
}

BOOST_AUTO_TEST_CASE(sampled_contexts_go_on_from_the_sampled_reply) {
  std::size_t mended = 0;
  for (const Rollout& rollout : sample(all(), TraceContext::kSampled)) {
    for (std::size_t t = 1; t < rollout.turns.size(); ++t) {
      const SampledTurn &before = rollout.turns[t - 1], &turn = rollout.turns[t];
      std::vector<TokenId> expected = joined(before.context, before.response);
      if (expected.back() != chat.end_of_turn()) {
        expected.push_back(chat.end_of_turn());
        ++mended;
      }
      expected = joined(joined(expected, chat.after_reply()), chat.user_then_prompt(turn.prompt));
      BOOST_TEST((turn.context == expected));
    }
  }
  BOOST_TEST(mended > 0u);
}

BOOST_AUTO_TEST_CASE(a_follow_up_is_answered_only_when_asked_for) {
  BOOST_TEST(sample({{0, 0, &dialogues[0]}}, TraceContext::kStored).at(0).turns.size() == 1u);
  settings.answer_follow_ups = true;
  const auto turns = sample({{0, 0, &dialogues[0]}}, TraceContext::kStored).at(0).turns;
  BOOST_REQUIRE_EQUAL(turns.size(), 2u);
  BOOST_TEST(turns[1].turn == 3u);
  BOOST_TEST(turns[1].prompt == "thank you!");
  BOOST_TEST(turns[1].stored.empty());
  BOOST_TEST(!turns[1].stored_score.has_value());
}

BOOST_AUTO_TEST_CASE(a_trace_ends_where_the_context_is_full) {
  const TokenizedDialogue whole = chat.tokenize(dialogues[1]);
  const auto context = TraceContext::kStored;
  // The second reply just fits, the third turn does not.
  settings.max_context = static_cast<int>(whole.replies[1].end);
  BOOST_TEST(sample({{1, 0, &dialogues[1]}}, context).at(0).turns.size() == 2u);
  settings.max_context -= 1;
  BOOST_TEST(sample({{1, 0, &dialogues[1]}}, context).at(0).turns.size() == 1u);
  settings.max_context = static_cast<int>(whole.replies[0].begin);
  const Rollout none = sample({{1, 0, &dialogues[1]}}, context).at(0);
  BOOST_TEST(none.turns.empty());
  BOOST_TEST(none.dialogue_id == "b");
}

BOOST_AUTO_TEST_CASE(a_reply_is_cut_where_the_context_is_full) {
  settings.ignore_end = true;
  const std::size_t prompt =
      sample({{2, 0, &dialogues[2]}}, TraceContext::kSampled).at(0).turns.at(0).context.size();
  settings.max_context = static_cast<int>(prompt) + 5;
  BOOST_TEST(
      sample({{2, 0, &dialogues[2]}}, TraceContext::kSampled).at(0).turns.at(0).response.size() ==
      5u);
}

BOOST_AUTO_TEST_CASE(what_was_drawn_from_has_log_probs_of_its_own) {
  const auto plain = sample(all(), TraceContext::kSampled);
  for (const SampledTurn* turn : turns_of(plain)) {
    BOOST_REQUIRE_EQUAL(turn->drawn_logprobs.size(), turn->response.size());
    for (std::size_t i = 0; i < turn->logprobs.size(); ++i) {
      BOOST_TEST(std::abs(turn->drawn_logprobs[i] - turn->logprobs[i]) < 1e-5);
    }
  }
  settings.rule.top_k = 1;
  const auto likeliest = sample(all(), TraceContext::kSampled);
  for (const SampledTurn* turn : turns_of(likeliest)) {
    for (const float logprob : turn->drawn_logprobs) BOOST_TEST(logprob == 0);
  }
}

// The text of an undisturbed reply gives a stop string; the reply that it ends is the same up to
// there.
BOOST_AUTO_TEST_CASE(a_stop_string_ends_a_reply_and_is_left_out_of_its_text) {
  settings.ignore_end = true;
  const SampledTurn whole =
      sample({{2, 1, &dialogues[2]}}, TraceContext::kSampled).at(0).turns.at(0);
  settings.ignore_end = false;
  const std::string part = tokenizer.decode(std::span(whole.response).subspan(3, 2));
  BOOST_REQUIRE(!part.empty());
  settings.stop = {"never said by anybody", part};
  const SampledTurn cut = sample({{2, 1, &dialogues[2]}}, TraceContext::kSampled).at(0).turns.at(0);
  BOOST_TEST(cut.response.size() <= 5u);
  BOOST_TEST((std::equal(cut.response.begin(), cut.response.end(), whole.response.begin())));
  BOOST_TEST(cut.text.find(part) == std::string::npos);
  BOOST_TEST(cut.text == whole.text.substr(0, whole.text.find(part)));
  const Generator generator(decoder, tokenizer, chat, settings);
  const ReplyEnd& end = generator.end();
  BOOST_TEST(end.settled("so I never", 0, /*more=*/true) == 5u);
  BOOST_TEST(end.settled("so I never", 0, /*more=*/false) == 10u);
  BOOST_TEST(end.settled("so I never said it", 5, /*more=*/true) == 18u);
  BOOST_TEST(end.settled("so I" + part + "never", 4, /*more=*/true) == 4u);
  BOOST_TEST(end.settled("so I" + part + "never", 4, /*more=*/false) == 4u);
}

// Byte tokens are text only as a whole run: a look at its end alone would find no line break.
BOOST_AUTO_TEST_CASE(a_stop_string_behind_byte_tokens_ends_a_reply_at_once) {
  const Tokenizer bytes = load_json(spm_json(nullptr, llama_normalizer()));
  const ReplyEnd end(bytes, {}, {"\n\n"});
  std::vector<TokenId> reply;
  for (const char* name : {"<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "<0x0A>"}) {
    reply.push_back(*bytes.id_of(name));
    BOOST_TEST(!end.ends(reply));
  }
  reply.push_back(reply.back());
  BOOST_TEST(end.ends(reply));
}

BOOST_AUTO_TEST_CASE(another_end_token_ends_a_reply_but_not_a_turn_in_a_context) {
  settings.ignore_end = true;
  const SampledTurn whole =
      sample({{1, 0, &dialogues[1]}}, TraceContext::kSampled).at(0).turns.at(0);
  settings.ignore_end = false;
  settings.end_tokens = {whole.response[1]};
  const Rollout cut = sample({{1, 0, &dialogues[1]}}, TraceContext::kSampled).at(0);
  const std::vector<TokenId>& response = cut.turns.at(0).response;
  BOOST_TEST(response.size() <= 2u);
  BOOST_TEST(response.back() == whole.response[response.size() - 1]);
  const auto& next = cut.turns.at(1).context;
  const std::size_t end = cut.turns.at(0).context.size() + response.size() - 1;
  BOOST_TEST(next.at(end) == chat.end_of_turn());
}

BOOST_AUTO_TEST_CASE(a_streamed_reply_is_the_sampled_one) {
  const SampledTurn turn =
      sample({{2, 1, &dialogues[2]}}, TraceContext::kSampled).at(0).turns.at(0);
  const Generator generator(decoder, tokenizer, chat, settings);
  const RandomStream stream = reply_stream(11, Purpose::kSampling, 4, 2, 1, turn.turn);
  std::vector<TokenId> seen;
  const auto reply =
      generator.reply(turn.context, &adapter, stream, [&](const std::vector<TokenId>& so_far) {
        seen.push_back(so_far.back());
        return true;
      });
  BOOST_TEST((reply == turn.response));
  BOOST_TEST((seen == turn.response));
  const auto stopped =
      generator.reply(turn.context, &adapter, stream, [](const auto&) { return false; });
  BOOST_TEST(stopped.size() == 1u);
}

// As in a trace: no other end token stays in a context.
BOOST_AUTO_TEST_CASE(a_turn_is_closed_by_the_templates_end) {
  settings.end_tokens = {7};
  const Generator generator(decoder, tokenizer, chat, settings);
  for (std::vector<TokenId> context :
       {std::vector<TokenId>{3, 4}, {3, 4, 7}, {3, 4, chat.end_of_turn()}}) {
    generator.close_turn(&context);
    BOOST_TEST((context == std::vector<TokenId>{3, 4, chat.end_of_turn()}));
  }
}

// A conversation reads what is new only, and gets the replies of one that reads all of it.
BOOST_AUTO_TEST_CASE(a_held_cache_changes_no_reply) {
  const Generator generator(decoder, tokenizer, chat, settings);
  std::vector<TokenId> context = chat.opening("");
  KvCache held;
  for (std::uint32_t turn = 0; turn < 4; ++turn) {
    const auto asked = chat.user_then_prompt("what is good at night?");
    context.insert(context.end(), asked.begin(), asked.end());
    const RandomStream stream = reply_stream(11, Purpose::kSampling, 0, 0, 0, turn);
    const auto whole = generator.reply(context, &adapter, stream);
    const auto reply = generator.reply(context, &adapter, stream, {}, &held);
    BOOST_TEST((reply == whole));
    BOOST_TEST(held.lengths.at(0) == static_cast<int>(context.size() + reply.size()) - 1);
    context.insert(context.end(), reply.begin(), reply.end());
  }
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_honoured_are_refused) {
  for (const auto& [temperature, tokens] : {std::pair{-1.0, 4}, {std::nan(""), 4}, {1.0, 0}}) {
    settings.rule.temperature = temperature;
    settings.max_new_tokens = tokens;
    BOOST_CHECK_EXCEPTION(Generator(decoder, tokenizer, chat, settings), Error,
                          [](const Error& error) { return error.code() == ExitCode::kUsage; });
  }
}

BOOST_AUTO_TEST_SUITE_END()
