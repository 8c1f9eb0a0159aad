// Supervised fine-tuning: next-token cross-entropy of the stored replies.
//   L = -sum_t log pi(y*_t | x, y*_<t), divided by the iteration's scored tokens
#include "learning/kl.h"
#include "learning/methods.h"

namespace arf {
namespace {

class Sft : public Method {
 public:
  const char* name() const override { return "sft"; }
  bool needs_rollouts() const override { return false; }
  bool needs_pairs() const override { return false; }

  UnitLoss loss(const Policy& policy, const LearningUnit& unit) const override {
    TokenBatch batch;
    for (const StoredSample& sample : unit.stored) {
      std::vector<std::pair<std::size_t, std::size_t>> replies;
      for (const auto& reply : sample.chosen.replies) replies.emplace_back(reply.begin, reply.end);
      if (!replies.empty()) batch.append(sample.chosen.tokens, replies);
    }
    UnitLoss result;
    if (batch.targets.empty()) {
      result.loss = at::zeros({});
      return result;
    }
    const Tensor logprobs_S = policy.forward(batch).logprobs;
    result.loss = -logprobs_S.sum();
    result.metrics.loss = result.loss.item<double>();
    result.metrics.tokens = result.metrics.samples = static_cast<double>(batch.targets.size());
    if (policy.adapter()) {  // where all weights are trained there is no reference
      result.metrics.kl = total(kl_estimate(logprobs_S, policy.reference_logprobs(batch)).detach());
    }
    return result;
  }
};

}  // namespace

std::unique_ptr<Method> make_sft(const MethodSettings&) { return std::make_unique<Sft>(); }

}  // namespace arf
