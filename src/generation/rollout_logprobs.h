// What a policy says of replies that were sampled before.
#pragma once

#include <vector>

#include "model/decoder.h"
#include "records/rollout.h"

namespace arf {

// log p of every token of a rollout's replies, in the order of its turns: [n of all replies]. With
// a KV cache of which a turn keeps what its context has in common with the turn before, so that the
// turns of a long dialogue cost what they add. No gradient; the bits of Decoder::token_logprobs.
std::vector<float> rollout_logprobs(const Decoder& decoder, const Lora* adapter,
                                    const Rollout& rollout);

}  // namespace arf
