// The parts of PPO's loss, apart so that each can be held against its formula.
#pragma once

#include "learning/method.h"
#include "learning/reply_batch.h"

namespace arf {

// What a step aims at; no gradient runs through it.
struct PpoTargets {
  Tensor old_logprobs;  // [S] log-probs of the tokens when they were sampled
  Tensor advantages;    // [S]
  Tensor returns;       // [S]
};

// Each reply is one episode: a step a token, the scorer's reward at the last token. Advantages by
// GAE from `values` [S], which are the present value head's: with several epochs they move.
PpoTargets ppo_targets(const std::vector<ScoredRollout>& rollouts, const ReplyBatch& packed,
                       const Tensor& values, const MethodSettings& settings);

// [S] the loss of every token (paper eq. 6 and appendix B), with r = pi / pi_old:
//   -min(r A, clip(r, 1 - eps, 1 + eps) A) + c1 (V - return)^2 - c2 entropy + c3 KL
// kl [S] may be undefined where its coefficient is 0.
Tensor ppo_token_losses(const Policy::Output& output, const PpoTargets& targets, const Tensor& kl,
                        const MethodSettings& settings);

}  // namespace arf
