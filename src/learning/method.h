// What the learning methods share: one unit's loss and what it reports.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/policy.h"
#include "records/rollout.h"
#include "text/chat_template.h"

namespace arf {

struct MethodSettings {
  std::string name = "tracebias";      // sft | dpo | ppo | tracebias
  std::string variant = "generated";   // tracebias: literal | generated | teacher_forced
  std::string reference = "previous";  // tracebias: base | previous, the policy of lp_ref
  double gamma = 0.99;                 // discount per turn (tracebias) and per token (ppo)
  double clip = 0.2;                   // ppo: epsilon of eq. 6
  double gae_lambda = 0.95;            // ppo
  double value_coefficient = 0.01;     // ppo: c1
  double entropy_coefficient = 0.01;   // ppo: c2
  double kl_coefficient = 0.0;         // ppo, tracebias: weight of KL(pi || ref) in the loss
  int epochs = 1;                      // ppo: passes over the rollouts of an iteration
  double beta = 0.1;                   // dpo: eq. 7
};

// One sequence pair for dpo, one sequence for sft; tokens with the ranges that are replies.
struct StoredSample {
  TokenizedDialogue chosen;
  TokenizedDialogue rejected;  // dpo only: the same context, the other last reply
};

// A work unit as a learner sees it: fixed content and identity, whatever the rank.
struct LearningUnit {
  std::uint32_t index = 0;
  std::vector<StoredSample> stored;     // sft, dpo
  std::vector<ScoredRollout> rollouts;  // ppo, tracebias
  // ppo: log-probs [S] of the packed replies before the iteration's first pass; undefined in it.
  Tensor proximal_logprobs;
};

// Sums over a unit, not means: units are added in any order and divided once.
struct UnitMetrics {
  double loss = 0;           // sum of the samples' losses
  double samples = 0;        // dialogues, pairs or replies that count
  double tokens = 0;         // scored tokens
  double kl = 0;             // sum over scored tokens of an estimate of KL(pi || ref), nats
  double reward = 0;         // sum of rewards of sampled replies
  double stored_reward = 0;  // sum of stored scores
  double stored_scores = 0;  // stored replies that have one
  double replies = 0;        // sampled replies
  double entropy = 0;        // sum over scored tokens
  double ratio_min = 1, ratio_max = 1;  // ppo: pi / pi_old
  double clipped = 0;                   // ppo: tokens whose ratio was clipped
  double value_loss = 0;                // ppo
  double accuracy = 0;                  // dpo: pairs whose chosen reward is larger
};

struct UnitLoss {
  Tensor loss;  // scalar: the sum of the unit's samples, to be divided by the iteration's samples
  UnitMetrics metrics;
  Tensor logprobs;  // ppo: the proximal_logprobs of further passes
};

class Method {
 public:
  virtual ~Method() = default;
  virtual const char* name() const = 0;
  virtual bool needs_rollouts() const = 0;
  virtual bool needs_pairs() const = 0;
  virtual bool needs_value_head() const { return false; }
  virtual UnitLoss loss(const Policy& policy, const LearningUnit& unit) const = 0;
};

// usage_error for an unknown name or variant.
std::unique_ptr<Method> make_method(const MethodSettings& settings);

}  // namespace arf
