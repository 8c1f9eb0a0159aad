// TraceBias (paper 3.3, algorithm 1). For the turns t = 1 .. T of one dialogue
//   label_t = sum over k <= t of gamma^(k-1) s_k     stored scores                    (eq. 16)
//   real_t  = sum over k <= t of gamma^(k-1) r_k     rewards of the sampled replies   (eq. 16)
//   lp      = mean over the reply's tokens of the log-prob                            (eq. 19, 20)
//   w_t     = exp(lp_theta - lp_ref)                                                  (eq. 21)
//   loss   += -w_t * advantage_t                                                      (eq. 15, 18)
// The variants differ in the reply whose log-prob it is and in the advantage:
//   literal         the sampled reply, label_t - real_t: the paper's text. It raises the
//                   probability of a reply exactly where it scored worse than the stored one.
//   generated       the sampled reply, real_t - label_t: a policy gradient.
//   teacher_forced  the stored reply, label_t - real_t: imitation where the store did better.
// Token means on both sides of w take the place of clipping (DAM, the double average method).
// lp_ref: of the base model, with the adapter off (algorithm 1), or of the previous policy, the one
// that sampled (the equations). With the base, w grows without bound as the policy moves away; with
// the previous policy it is 1 where a reply is learnt by the policy that sampled it.
#include "learning/kl.h"
#include "learning/methods.h"
#include "learning/reply_batch.h"
#include "learning/unit_metrics.h"

namespace arf {
namespace {

// label_t - real_t for every turn of one dialogue, by the running sums of algorithm 1 (eq. 16). A
// turn whose stored reply has no score has nothing to be compared with: it takes part in neither
// sum, and has no bias.
std::vector<std::optional<double>> trace_biases(const ScoredRollout& scored, double gamma) {
  std::vector<std::optional<double>> biases(scored.rewards.size());
  double label = 0, real = 0, discount = 1;
  for (std::size_t t = 0; t < scored.rewards.size(); ++t, discount *= gamma) {
    const auto& stored_score = scored.rollout.turns[t].stored_score;
    if (!stored_score) continue;
    label += discount * *stored_score;
    real += discount * scored.rewards[t];
    biases[t] = label - real;
  }
  return biases;
}

class TraceBias : public Method {
 public:
  explicit TraceBias(const MethodSettings& settings)
      : gamma_(settings.gamma),
        kl_coefficient_(settings.kl_coefficient),
        which_(settings.variant == "teacher_forced" ? WhichReply::kStored : WhichReply::kSampled),
        from_base_(settings.reference == "base"),
        sign_(settings.variant == "generated" ? -1.0 : 1.0) {}
  const char* name() const override { return "tracebias"; }
  bool needs_rollouts() const override { return true; }
  bool needs_pairs() const override { return false; }

  UnitLoss loss(const Policy& policy, const LearningUnit& unit) const override {
    UnitLoss result;
    result.loss = at::zeros({});
    result.metrics = reward_metrics(unit);
    const ReplyBatch packed = pack_replies(unit.rollouts, which_);
    if (packed.replies.empty()) return result;
    const Tensor logprobs_S = policy.forward(packed.batch).logprobs;
    const Tensor reference_S = policy.reference_logprobs(packed.batch);
    const Tensor kl_S = kl_estimate(logprobs_S, reference_S);
    const Tensor previous_S =
        from_base_ ? reference_S : previous_logprobs(unit, packed, logprobs_S);
    std::vector<std::vector<std::optional<double>>> biases;
    for (const ScoredRollout& scored : unit.rollouts)
      biases.push_back(trace_biases(scored, gamma_));

    std::vector<Tensor> losses;
    for (const ReplySpan& reply : packed.replies) {
      const std::optional<double> bias = biases[reply.rollout][reply.turn];
      if (!bias) continue;
      const double advantage = sign_ * *bias;
      const Tensor lp_theta = of_reply(logprobs_S, reply).mean();  // eq. 19
      const Tensor lp_ref = of_reply(previous_S, reply).mean();    // eq. 20
      const Tensor weight = (lp_theta - lp_ref).exp();             // eq. 21
      losses.push_back(-weight * advantage);                       // eq. 15, 18
      if (kl_coefficient_ > 0) losses.push_back(kl_coefficient_ * of_reply(kl_S, reply).mean());
    }
    if (losses.empty()) return result;
    result.loss = at::stack(losses).sum();
    result.metrics.loss = result.loss.item<double>();
    result.metrics.samples = num_dialogues(packed);
    result.metrics.tokens = static_cast<double>(packed.batch.targets.size());
    result.metrics.kl = total(kl_S);
    // Of the policy's own tokens, minus the log-prob is an estimate of the entropy.
    if (which_ == WhichReply::kSampled) result.metrics.entropy = -total(logprobs_S);
    return result;
  }

 private:
  // Of a stored reply the previous policy said nothing; on-policy it would have said the same.
  Tensor previous_logprobs(const LearningUnit& unit, const ReplyBatch& packed,
                           const Tensor& logprobs_S) const {
    if (which_ == WhichReply::kStored) return logprobs_S.detach();
    return recorded_logprobs(unit.rollouts, packed, logprobs_S.scalar_type());
  }

  static double num_dialogues(const ReplyBatch& packed) {
    double dialogues = 0;
    for (std::size_t i = 0; i < packed.replies.size(); ++i) {
      dialogues += i == 0 || packed.replies[i].rollout != packed.replies[i - 1].rollout ? 1 : 0;
    }
    return dialogues;
  }

  double gamma_, kl_coefficient_;
  WhichReply which_;
  bool from_base_;
  double sign_;  // of label - real
};

}  // namespace

std::unique_ptr<Method> make_tracebias(const MethodSettings& settings) {
  const std::string& variant = settings.variant;
  if (variant != "literal" && variant != "generated" && variant != "teacher_forced") {
    usage_error(
        "method.variant is `{}`; the variants of tracebias are literal, generated, "
        "teacher_forced",
        variant);
  }
  if (settings.reference != "base" && settings.reference != "previous") {
    usage_error("method.reference is `{}`; it is base or previous", settings.reference);
  }
  return std::make_unique<TraceBias>(settings);
}

}  // namespace arf
