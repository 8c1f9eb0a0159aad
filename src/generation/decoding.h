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
};

struct Decoding {
  const Decoder& decoder;
  const Lora* adapter;
  std::int32_t end_token;  // -1: none ends a reply
  // Called with each token as it is drawn; false ends that reply. May be empty.
  std::function<bool(std::int32_t)> on_token;

  // Extends all replies until each ends with the end token or is full. Brings the cache up to each
  // context first (its slot's length says how much of it is there already). Finished replies leave
  // the batch: rows do not see each other, so the others' bits stay. Afterwards a slot holds its
  // context and the response but for the last token.
  void run(std::vector<ReplyInProgress>* replies, Sampler* sampler, KvCache* cache) const;

 private:
  bool extend(ReplyInProgress* reply, const Tensor& logits, std::int64_t row,
              Sampler* sampler) const;
};

}  // namespace arf
