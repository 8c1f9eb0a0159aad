#include "roles/train_settings.h"

namespace arf {
namespace {

constexpr double kAdapterRate = 1e-4, kAllWeightsRate = 1e-3;
constexpr std::int64_t kMostIterations = std::int64_t{1} << 40;  // so that sums of them fit

bool needs_reference(const MethodSettings& method) {
  return method.name == "dpo" || method.name == "tracebias" || method.kl_coefficient > 0;
}

void at_least(const char* key, double value, double least) {
  if (!(value >= least)) usage_error("--{} is {}; use {} or more", key, value, least);
}

}  // namespace

void check_train_settings(TrainSettings* s, int num_ranks) {
  at_least("train.iterations", static_cast<double>(s->iterations), 1);
  at_least("train.batch", s->batch, 1);
  at_least("train.unit", s->unit, 1);
  at_least("generate.samples", s->samples, 1);
  constexpr int kMostSamples = 65536;  // as many have random numbers of their own (reply_stream)
  if (s->samples > kMostSamples) {
    usage_error("--generate.samples is {}; use {} or less", s->samples, kMostSamples);
  }
  at_least("train.checkpoint_every", s->checkpoint_every, 1);
  at_least("train.clip", s->clip, 0);
  at_least("train.weight_decay", s->adamw.weight_decay, 0);
  at_least("lora.rank", s->lora.rank, 0);
  if (s->lora.rank > kMostLoraRank) {
    usage_error("--lora.rank is {}; use {} or less", s->lora.rank, kMostLoraRank);
  }
  at_least("report.samples", s->report_samples, 0);
  if (!(s->lora.alpha > 0)) usage_error("--lora.alpha is {}; use a number above 0", s->lora.alpha);
  if (s->iterations >= kMostIterations) {
    usage_error("--train.iterations is {}; use less than {}", s->iterations, kMostIterations);
  }
  constexpr int kMostStaleness = 8;  // each keeps the parameters of one policy more
  if (s->staleness < 0 || s->staleness > kMostStaleness) {
    usage_error("--train.staleness is {}; it is 0 to {}", s->staleness, kMostStaleness);
  }
  if (s->learning_rate.peak == 0) {
    s->learning_rate.peak = s->lora.rank == 0 ? kAllWeightsRate : kAdapterRate;
  }
  if (s->lora.rank == 0 && s->model.precision == "auto") s->model.precision = "float32";
  check_learning_rate(s->learning_rate);
  const auto method = make_method(s->method);
  if (method->needs_rollouts() && s->scorer.empty()) {
    usage_error("--scorer.path is missing: {} learns from a scorer's rewards", method->name());
  }
  check_feed_settings(s->feed);
  if (s->feed.on() && !method->needs_rollouts()) {
    usage_error("--{}: {} learns from no scorer's rewards, so that nobody would notice the feed",
                s->feed.path.empty() ? "feed.replay" : "feed.path", method->name());
  }
  if (s->staleness > 0 && s->method.name == "tracebias" && s->method.reference == "base") {
    usage_error(
        "--method.reference base weighs nothing by the policy that sampled, which with "
        "--train.staleness {} is not the one that learns; take --method.reference previous",
        s->staleness);
  }
  if (s->lora.rank == 0 && needs_reference(s->method)) {
    usage_error(
        "{} compares the policy with the model it started from, which --lora.rank 0 changes; use a "
        "rank of 1 or more",
        method->name());
  }
  RankLayout(num_ranks, s->roles);
}

std::uint32_t num_units(const TrainSettings& s) {
  return static_cast<std::uint32_t>((s.batch + s.unit - 1) / s.unit);
}

TraceContext trace_context(const MethodSettings& method) {
  const bool stored = method.name == "tracebias" && method.variant == "teacher_forced";
  return stored ? TraceContext::kStored : TraceContext::kSampled;
}

}  // namespace arf
