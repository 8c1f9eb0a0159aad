// What the tests of this folder share: a small policy, units made of token ids, replies sampled as
// the generator samples them, and finite differences by the policy's parameters.
#pragma once

#include <ATen/Parallel.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "learning/method.h"
#include "tests/model/fixtures.h"

namespace arf::test {

using Tokens = std::vector<std::int32_t>;

// All of the adapter and the value head is away from zero, so that every gradient is, too.
inline Policy small_policy(bool value_head = false, at::ScalarType type = at::kFloat) {
  at::set_num_threads(1);
  Decoder decoder = Decoder::random(small_config(), 1);
  stir(decoder.weights(), 0.2);
  PolicySettings settings;
  settings.lora.rank = 2;
  settings.lora.alpha = 4;
  settings.value_head = value_head;
  Policy policy(std::move(decoder), settings, 1);
  std::vector<float> values = policy.flat();
  const RandomStream stream(2, Purpose::kTest, 0);
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = float(0.15 * stream.normal(i));
  policy.set_flat(values);
  policy.to_dtype(type);
  return policy;
}

inline Tokens joined(Tokens a, const Tokens& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Samples a reply to `context` as the generator does: token by token through a cache, drawing from
// the logits of the last row, recording the log-prob from those logits.
inline void sample_reply(const Policy& policy, std::uint64_t unit, std::size_t length,
                         SampledTurn* turn) {
  const Decoder& decoder = policy.decoder();
  const std::int64_t size = decoder.config().vocabulary_size;
  KvCache cache = decoder.make_cache(1, decoder.config().max_positions);
  const RandomStream stream(4, Purpose::kTest, unit);
  Tokens next = turn->context;
  for (std::uint32_t t = 0; t < length; ++t) {
    const Tensor hidden =
        decoder.forward_cached(next, Tokens(next.size(), 0), policy.adapter(), &cache);
    const Tensor logits = ops::logits(hidden.narrow(0, hidden.size(0) - 1, 1), decoder.head());
    const float* row = logits.data_ptr<float>();
    double left = stream.uniform(t);
    std::int64_t token = 0;
    while (token + 1 < size && (left -= std::exp(ops::log_softmax_at(row, size, token))) > 0) {
      ++token;
    }
    turn->response.push_back(static_cast<std::int32_t>(token));
    turn->logprobs.push_back(ops::log_softmax_at(row, size, token));
    next = {static_cast<std::int32_t>(token)};
  }
}

// A dialogue of several turns, each context going on from the sampled reply before it.
inline ScoredRollout sampled_rollout(const Policy& policy, std::uint64_t unit, std::size_t turns) {
  const RandomStream stream(6, Purpose::kTest, unit);
  ScoredRollout scored;
  scored.rollout.dialogue_id = "dialogue " + std::to_string(unit);
  Tokens context = some_tokens(3, unit * 100);
  for (std::uint32_t t = 0; t < turns; ++t) {
    SampledTurn turn;
    turn.turn = 2 * t + 1;
    turn.context = context;
    sample_reply(policy, unit * 100 + t, 2 + stream.below(10 + t, 4), &turn);
    turn.stored = some_tokens(1 + stream.below(20 + t, 5), unit * 100 + 50 + t);
    turn.stored_score = float(2 * stream.uniform(30 + t) - 1);
    scored.rewards.push_back(float(2 * stream.uniform(40 + t) - 1));
    context = joined(joined(context, turn.response), some_tokens(2, unit * 100 + 70 + t));
    scored.rollout.turns.push_back(turn);
  }
  return scored;
}

inline LearningUnit sampled_unit(const Policy& policy, std::uint32_t index = 0) {
  LearningUnit unit;
  unit.index = index;
  for (std::size_t turns = 1; turns <= 3; ++turns) {
    unit.rollouts.push_back(sampled_rollout(policy, 10 * index + turns, turns));
  }
  return unit;
}

inline TokenizedDialogue dialogue_of(const Tokens& tokens,
                                     const std::vector<std::pair<int, int>>& replies) {
  TokenizedDialogue dialogue{tokens, {}};
  for (const auto& [begin, end] : replies) {
    dialogue.replies.push_back({0, std::uint32_t(begin), std::uint32_t(end)});
  }
  return dialogue;
}

// Two samples: pairs that share all but the last reply, for sft by their chosen side.
inline LearningUnit stored_unit(std::uint32_t index = 0) {
  LearningUnit unit;
  unit.index = index;
  const Tokens one = some_tokens(9, 10 * index + 1), two = some_tokens(5, 10 * index + 2);
  const auto reply = [&](std::size_t size, int n) { return some_tokens(size, 10 * index + n); };
  unit.stored.push_back({dialogue_of(joined(one, reply(4, 3)), {{2, 5}, {9, 13}}),
                         dialogue_of(joined(one, reply(2, 4)), {{2, 5}, {9, 11}})});
  unit.stored.push_back({dialogue_of(joined(two, reply(1, 5)), {{5, 6}}),
                         dialogue_of(joined(two, reply(6, 6)), {{5, 11}})});
  return unit;
}

inline MethodSettings settings_of(const std::string& name, const std::string& variant = "") {
  MethodSettings settings;
  settings.name = name;
  settings.variant = variant;
  return settings;
}

// log pi(reply[t] | context, reply[< t]) of one sequence alone, as numbers; the policy's, or the
// reference's.
inline std::vector<double> reply_logprobs(const Policy& policy, const Tokens& context,
                                          const Tokens& reply, bool reference = false) {
  const at::NoGradGuard no_gradient;
  TokenBatch batch;
  batch.append(joined(context, reply), context.size(), context.size() + reply.size());
  const Tensor values =
      (reference ? policy.reference_logprobs(batch) : policy.forward(batch).logprobs)
          .to(at::kDouble)
          .contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

inline double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}
inline double mean_of(const std::vector<double>& values) {
  return sum_of(values) / double(values.size());
}

// exp(d) - 1 - d with d = reference - policy, summed: k3 of the KL.
inline double kl_of(const std::vector<double>& policy, const std::vector<double>& reference) {
  double kl = 0;
  for (std::size_t t = 0; t < policy.size(); ++t) {
    const double d = reference[t] - policy[t];
    kl += std::exp(d) - 1 - d;
  }
  return kl;
}

// Compares every fifth element of the gradient with central differences. The policy is float64.
inline void check_gradient(const Policy& policy, const std::function<Tensor()>& loss,
                           const std::vector<float>& gradient) {
  const at::NoGradGuard no_gradient;
  constexpr double kStep = 1e-5;
  double largest = 0;
  for (const auto& parameter : policy.parameters()) {
    BOOST_REQUIRE(parameter.tensor.scalar_type() == at::kDouble);
    for (std::int64_t i = 0; i < parameter.tensor.numel(); i += 5) {
      double* value = parameter.tensor.data_ptr<double>() + i;
      const double kept = *value;
      *value = kept + kStep;
      const double above = loss().item<double>();
      *value = kept - kStep;
      const double below = loss().item<double>();
      *value = kept;
      const double expected = (above - below) / (2 * kStep);
      const double found = gradient[static_cast<std::size_t>(parameter.offset + i)];
      largest = std::max(largest, std::abs(expected));
      BOOST_TEST(std::abs(found - expected) < 1e-6 * (1 + std::abs(expected)),
                 parameter.name << "[" << i << "]: " << found << " against " << expected);
    }
  }
  BOOST_TEST(largest > 1e-3);  // there was something to compare
}

inline void check_gradient(const Policy& policy, const std::function<Tensor()>& loss) {
  check_gradient(policy, loss, policy.gradient(loss()));
}

// One step down the loss.
inline void descend(Policy* policy, const Tensor& loss, double rate) {
  const std::vector<float> gradient = policy->gradient(loss);
  std::vector<float> values = policy->flat();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= float(rate) * gradient[i];
  policy->set_flat(values);
}

}  // namespace arf::test
