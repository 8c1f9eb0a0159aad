// Direct preference optimisation (paper eq. 7; Rafailov et al. 2023): for a pair with the same
// context x, a chosen reply c and a rejected one r,
//   L = -log sigmoid(beta ((log pi(c|x) - log ref(c|x)) - (log pi(r|x) - log ref(r|x))))
// where log pi(y|x) is the sum over the tokens of the last reply.
#include "learning/kl.h"
#include "learning/methods.h"

namespace arf {
namespace {

// Appends the sequence with its last reply scored; returns the number of scored tokens.
std::int64_t append_last_reply(const TokenizedDialogue& dialogue, TokenBatch* batch) {
  ARF_CHECK(!dialogue.replies.empty(), "a side of a pair without a reply");
  const auto& reply = dialogue.replies.back();
  batch->append(dialogue.tokens, reply.begin, reply.end);
  return static_cast<std::int64_t>(reply.end) - reply.begin;
}

class Dpo : public Method {
 public:
  explicit Dpo(double beta) : beta_(beta) {}
  const char* name() const override { return "dpo"; }
  bool needs_rollouts() const override { return false; }
  bool needs_pairs() const override { return true; }

  UnitLoss loss(const Policy& policy, const LearningUnit& unit) const override {
    TokenBatch batch;
    std::vector<std::int64_t> sizes;  // chosen and rejected by turns
    for (const StoredSample& sample : unit.stored) {
      sizes.push_back(append_last_reply(sample.chosen, &batch));
      sizes.push_back(append_last_reply(sample.rejected, &batch));
    }
    UnitLoss result;
    result.loss = at::zeros({});
    if (sizes.empty()) return result;
    const Tensor logprobs_S = policy.forward(batch).logprobs;
    const Tensor reference_S = policy.reference_logprobs(batch);
    const std::vector<Tensor> replies = (logprobs_S - reference_S).split_with_sizes(sizes);
    std::vector<Tensor> losses;
    for (std::size_t i = 0; i < replies.size(); i += 2) {
      const Tensor margin = beta_ * (replies[i].sum() - replies[i + 1].sum());
      losses.push_back(-at::log_sigmoid(margin));
      result.metrics.accuracy += margin.item<double>() > 0 ? 1 : 0;
    }
    result.loss = at::stack(losses).sum();
    result.metrics.loss = result.loss.item<double>();
    result.metrics.samples = static_cast<double>(losses.size());
    result.metrics.tokens = static_cast<double>(batch.targets.size());
    result.metrics.kl = total(kl_estimate(logprobs_S, reference_S));
    return result;
  }

 private:
  double beta_;
};

}  // namespace

std::unique_ptr<Method> make_dpo(const MethodSettings& settings) {
  return std::make_unique<Dpo>(settings.beta);
}

}  // namespace arf
