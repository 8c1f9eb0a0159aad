// Token-by-token decoding of several contexts in one KV cache.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/philox.h"
#include "generation/sampler.h"
#include "model/decoder.h"

namespace arf {

// One reply that is being decoded.
struct ReplyInProgress {
  std::int32_t slot = 0;                     // in the cache, which holds a prefix of `context`
  const std::vector<std::int32_t>* context;  // [c]
  std::int64_t max_tokens = 0;               // of the reply
  RandomStream stream;                       // number t picks token t
  std::vector<std::int32_t> response;        // [n]
  std::vector<float> logprobs;               // [n] untempered, with the bits of token_logprobs
  std::vector<float> drawn_logprobs;         // [n] of the distribution that was drawn from
};

struct Decoding {
  const Decoder& decoder;
  const Lora* adapter;
  // Called behind each token with the reply so far; false ends it.
  std::function<bool(const std::vector<std::int32_t>&)> goes_on;

  // Extends all replies until each is ended by goes_on or is full. Brings the cache up to each
  // context first (its slot's length says how much of it is there already). Finished replies leave
  // the batch: rows do not see each other, so the others' bits stay. Afterwards a slot holds its
  // context and the response but for the last token.
  void run(std::vector<ReplyInProgress>* replies, Sampler* sampler, KvCache* cache) const;

 private:
  bool extend(ReplyInProgress* reply, const Tensor& logits, std::int64_t row,
              Sampler* sampler) const;
};

}  // namespace arf
