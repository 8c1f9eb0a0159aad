// The parts of PPO's loss, apart so that each can be held against its formula.
#pragma once

#include "learning/method.h"
#include "learning/reply_batch.h"

namespace arf {

// What a step aims at; no gradient runs through it.
struct PpoTargets {
  Tensor sampled_logprobs;   // [S] of the tokens under the policy that sampled them
  Tensor proximal_logprobs;  // [S] under the policy as it was before the iteration
  Tensor advantages;         // [S]
  Tensor returns;            // [S]
};

// Each reply is one episode: a step a token, the scorer's reward at the last token. Advantages by
// GAE from the values [S], which are the present value head's: with several epochs they move. The
// proximal policy is the present one where the unit does not say otherwise.
PpoTargets ppo_targets(const LearningUnit& unit, const ReplyBatch& packed,
                       const Policy::Output& present, const MethodSettings& settings);

// [S] the loss of every token (paper eq. 6 and appendix B), with r = pi / pi_proximal and, for
// replies of an older policy, w = pi_proximal / pi_sampled (Hilton et al. 2021, eq. 4), which is
// exactly 1 where the policy that sampled is the proximal one:
//   -w min(r A, clip(r, 1 - eps, 1 + eps) A) + c1 (V - return)^2 - c2 entropy + c3 KL
// kl [S] may be undefined where its coefficient is 0.
Tensor ppo_token_losses(const Policy::Output& output, const PpoTargets& targets, const Tensor& kl,
                        const MethodSettings& settings);

}  // namespace arf
