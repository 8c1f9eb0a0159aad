#include "evaluation/evaluation.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "core/error.h"
#include "core/parallel.h"
#include "generation/rollout_logprobs.h"
#include "model/one_thread.h"

namespace arf {
namespace {

double tokens_of(const ContestantResult& result) {
  double tokens = 0;
  for (const EvaluatedReply& reply : result.replies)
    tokens += static_cast<double>(reply.tokens.size());
  return tokens;
}

using Score = std::function<double(const EvaluatedReply&)>;

std::vector<PairedSums> paired(const ContestantResult& ours, const ContestantResult& theirs,
                               const Score& score) {
  std::vector<PairedSums> sums;
  for (std::size_t i = 0; i < ours.replies.size(); ++i) {
    if (i == 0 || ours.replies[i].dialogue != ours.replies[i - 1].dialogue) sums.push_back({});
    sums.back().ours += score(ours.replies[i]);
    sums.back().theirs += score(theirs.replies[i]);
    sums.back().replies += 1;
  }
  return sums;
}

void check_same_prompts(const ContestantResult& ours, const ContestantResult& theirs) {
  const bool same = std::equal(
      ours.replies.begin(), ours.replies.end(), theirs.replies.begin(), theirs.replies.end(),
      [](const auto& a, const auto& b) { return a.dialogue == b.dialogue && a.turn == b.turn; });
  if (same) return;
  input_error(
      "{} answered {} prompts and {} {}: their context lengths differ; set "
      "--generate.max_context to the smaller one",
      ours.place.name, ours.replies.size(), theirs.place.name, theirs.replies.size());
}

void fill_means(ContestantResult* result) {
  const double tokens = tokens_of(*result);
  std::vector<std::vector<TokenId>> replies;
  double kl = 0;
  for (const EvaluatedReply& reply : result->replies) {
    kl += reply.kl_sum;
    replies.push_back(reply.tokens);
  }
  result->kl_per_token = kl / tokens;
  result->tokens_per_second = tokens / result->generation_seconds;
  result->tokens_per_reply = tokens / static_cast<double>(replies.size());
  result->distinct_2 = distinct_2(replies);
}

}  // namespace

Evaluation::Evaluation(const Decoder& base, const Tokenizer& tokenizer, const ChatTemplate& chat,
                       const Scorer& scorer, const HeldOut& held_out, TrueSatisfaction truth,
                       const EvaluationSettings& settings)
    : base_(base),
      tokenizer_(tokenizer),
      chat_(chat),
      scorer_(scorer),
      held_out_(held_out),
      truth_(std::move(truth)),
      settings_(settings) {}

ContestantResult Evaluation::run(const ContestantPlace& place,
                                 const std::function<void(std::size_t)>& on_progress) const {
  Contestant contestant = Contestant::load(place, base_, tokenizer_);
  ContestantResult result;
  result.place = place;
  result.hash = contestant.hash();
  const std::vector<Rollout> rollouts =
      generate(contestant, &result.generation_seconds, on_progress);
  std::vector<std::vector<EvaluatedReply>> replies(rollouts.size());
  parallel_for(rollouts.size(), settings_.threads, [&](std::size_t i) {
    use_one_thread();
    replies[i] = evaluate(rollouts[i], i, contestant);
  });
  contestant.require_unwritten();
  for (auto& of_dialogue : replies) {
    for (auto& reply : of_dialogue) result.replies.push_back(std::move(reply));
  }
  if (result.replies.empty()) {
    const std::int64_t most = contestant.decoder().config().max_positions,
                       wanted = settings_.sampling.max_context;
    input_error("{}: no prompt of the corpus fits its context of {} tokens", place.name,
                wanted > 0 ? std::min(wanted, most) : most);
  }
  return result;
}

std::vector<Rollout> Evaluation::generate(
    const Contestant& contestant, double* seconds,
    const std::function<void(std::size_t)>& on_progress) const {
  const Generator generator(contestant.decoder(), tokenizer_, chat_, settings_.sampling);
  const std::size_t count = held_out_.dialogues.size(), size = settings_.unit_dialogues;
  std::vector<Rollout> rollouts(count);
  std::atomic<std::size_t> done{0};
  const auto started = std::chrono::steady_clock::now();
  parallel_for((count + size - 1) / size, settings_.threads, [&](std::size_t unit) {
    use_one_thread();
    std::vector<DialogueToSample> dialogues;
    for (std::size_t i = unit * size; i < std::min(count, (unit + 1) * size); ++i) {
      dialogues.push_back({held_out_.rows[i], 0, &held_out_.dialogues[i]});
    }
    auto sampled = generator.sample(dialogues, contestant.adapter(), TraceContext::kStored,
                                    settings_.seed, Purpose::kEvaluate, 0);
    std::size_t replies = 0;
    for (const Rollout& rollout : sampled) replies += rollout.turns.size();
    std::move(sampled.begin(), sampled.end(),
              rollouts.begin() + static_cast<std::ptrdiff_t>(unit * size));
    done += replies;
    if (on_progress) on_progress(done);
  });
  *seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return rollouts;
}

std::vector<EvaluatedReply> Evaluation::evaluate(const Rollout& rollout, std::size_t dialogue,
                                                 const Contestant& contestant) const {
  if (rollout.turns.empty()) return {};
  std::vector<ScorerInput> inputs;
  for (const SampledTurn& turn : rollout.turns) inputs.push_back({turn.prompt, turn.text});
  const std::vector<Satisfaction> scores = scorer_.score(inputs);
  const std::vector<float> reference =
      contestant.is_base() ? std::vector<float>{} : rollout_logprobs(base_, nullptr, rollout);
  std::vector<EvaluatedReply> replies;
  std::size_t at = 0;
  for (std::size_t t = 0; t < rollout.turns.size(); ++t) {
    const SampledTurn& turn = rollout.turns[t];
    EvaluatedReply reply;
    reply.dialogue = dialogue;
    reply.turn = turn.turn;
    reply.prompt = turn.prompt;
    reply.reply = turn.text;
    reply.tokens = turn.response;
    reply.reward = scores[t].reward();
    reply.true_satisfaction = truth_(held_out_.dialogues[dialogue], turn.prompt, turn.text);
    if (!contestant.is_base()) {
      reply.kl_sum =
          kl_k3_sum(turn.logprobs, std::span(reference).subspan(at, turn.logprobs.size()));
    }
    at += turn.logprobs.size();
    replies.push_back(std::move(reply));
  }
  return replies;
}

void Evaluation::compare(std::vector<ContestantResult>* results, std::size_t baseline) const {
  const ContestantResult& theirs = results->at(baseline);
  const auto estimate = [&](const std::vector<PairedSums>& sums,
                            double (*statistic)(const PairedSums&)) {
    return bootstrap(sums, statistic, settings_.seed, settings_.resamples);
  };
  for (ContestantResult& ours : *results) {
    check_same_prompts(ours, theirs);
    fill_means(&ours);
    const auto rewards = paired(ours, theirs, [](const EvaluatedReply& r) { return r.reward; });
    ours.reward = estimate(rewards, mean_of_ours);
    ours.reward_ratio = estimate(rewards, ratio_of_shifted_means);
    ours.reward_difference = estimate(rewards, mean_difference);
    const bool known =
        std::all_of(ours.replies.begin(), ours.replies.end(),
                    [](const EvaluatedReply& r) { return r.true_satisfaction.has_value(); });
    if (!known) continue;
    const auto truths =
        paired(ours, theirs, [](const EvaluatedReply& r) { return *r.true_satisfaction; });
    ours.true_satisfaction = estimate(truths, mean_of_ours);
    ours.true_ratio = estimate(truths, ratio_of_shifted_means);
    ours.true_difference = estimate(truths, mean_difference);
  }
}

}  // namespace arf
