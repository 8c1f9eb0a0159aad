#include "generation/rollout_logprobs.h"

#include <algorithm>
#include <iterator>

#include "core/error.h"

namespace arf {
namespace {

using Tokens = std::vector<std::int32_t>;

std::size_t longest(const Rollout& rollout) {
  std::size_t most = 1;
  for (const SampledTurn& turn : rollout.turns) {
    most = std::max(most, turn.context.size() + turn.response.size());
  }
  return most;
}

std::size_t common_prefix(const Tokens& a, const Tokens& b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(std::distance(a.begin(), end));
}

Tensor ids_of(const Tokens& tokens) {
  Tensor ids = at::empty({static_cast<std::int64_t>(tokens.size())}, at::kInt);
  std::copy(tokens.begin(), tokens.end(), ids.data_ptr<std::int32_t>());
  return ids;
}

}  // namespace

std::vector<float> rollout_logprobs(const Decoder& decoder, const Lora* adapter,
                                    const Rollout& rollout) {
  const at::NoGradGuard no_grad;
  KvCache cache = decoder.make_cache(1, static_cast<std::int64_t>(longest(rollout)));
  std::vector<float> logprobs;
  Tokens held;  // in the cache
  for (const SampledTurn& turn : rollout.turns) {
    if (turn.response.empty()) continue;
    const std::size_t context = turn.context.size();
    ARF_CHECK(context > 0, "dialogue {}: a reply to nothing", rollout.dialogue_id);
    Tokens input = turn.context;  // of the reply, the last token predicts nothing
    input.insert(input.end(), turn.response.begin(), turn.response.end() - 1);
    // The row that predicts the reply's first token has to be computed.
    const std::size_t kept = std::min(common_prefix(held, input), context - 1);
    cache.lengths[0] = static_cast<std::int32_t>(kept);
    const Tokens rows(input.begin() + static_cast<std::ptrdiff_t>(kept), input.end());
    const Tensor hidden = decoder.forward_cached(rows, Tokens(rows.size(), 0), adapter, &cache)
                              .narrow(0, static_cast<std::int64_t>(context - 1 - kept),
                                      static_cast<std::int64_t>(turn.response.size()));
    const Tensor found =
        ops::token_logprobs(hidden.contiguous(), decoder.head(), ids_of(turn.response))
            .contiguous();
    const float* values = found.data_ptr<float>();
    logprobs.insert(logprobs.end(), values, values + found.numel());
    held = std::move(input);
  }
  return logprobs;
}

}  // namespace arf
