#include "scoring/scorer_trainer.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"

namespace arf {
namespace {

struct UnitResult {
  double loss = 0;
  std::vector<float> gradient;
  std::vector<Satisfaction> predicted;
};

UnitResult run_unit(const Scorer& scorer, const std::vector<const Example*>& batch,
                    std::size_t first, std::size_t last,
                    const std::array<double, 3>& class_weights) {
  std::vector<std::vector<std::int32_t>> texts;
  std::vector<Satisfaction> targets;
  for (std::size_t i = first; i < last; ++i) {
    texts.push_back(batch[i]->tokens);
    targets.push_back(batch[i]->target);
  }
  const Tensor log_p_B3 = scorer.log_satisfaction(texts);
  const Tensor loss =
      soft_cross_entropy(log_p_B3, targets, class_weights, static_cast<double>(batch.size()));
  UnitResult result;
  result.loss = loss.item<double>();
  result.gradient = scorer.gradient(loss);
  const Tensor p_B3 = log_p_B3.detach().exp().contiguous();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const float* row = p_B3.data_ptr<float>() + 3 * i;
    result.predicted.push_back({row[0], row[1], row[2]});
  }
  return result;
}

// Adds the units' gradients into the first, element by element in the order of units.
void add_in_order(std::vector<UnitResult>& units, int num_threads) {
  constexpr std::size_t kElements = 1 << 18;
  std::vector<float>& sum = units[0].gradient;
  parallel_for((sum.size() + kElements - 1) / kElements, num_threads, [&](std::size_t part) {
    const std::size_t last = std::min(sum.size(), (part + 1) * kElements);
    for (std::size_t u = 1; u < units.size(); ++u) {
      const float* gradient = units[u].gradient.data();
      for (std::size_t i = part * kElements; i < last; ++i) sum[i] += gradient[i];
    }
  });
}

}  // namespace

ScorerTrainer::ScorerTrainer(Scorer* scorer, const TrainerSettings& settings)
    : scorer_(scorer),
      settings_(settings),
      parameters_(scorer->flat()),
      adamw_(settings.adamw, parameters_.size()) {}

ScorerTrainer::Result ScorerTrainer::step(const std::vector<const Example*>& batch,
                                          double learning_rate) {
  ARF_CHECK(!batch.empty(), "a batch without texts");
  std::vector<UnitResult> units((batch.size() + kTextsPerUnit - 1) / kTextsPerUnit);
  parallel_for(units.size(), settings_.num_threads, [&](std::size_t unit) {
    use_one_thread();
    const std::size_t first = unit * kTextsPerUnit;
    units[unit] = run_unit(*scorer_, batch, first, std::min(batch.size(), first + kTextsPerUnit),
                           settings_.class_weights);
  });
  add_in_order(units, settings_.num_threads);
  Result result;
  for (const UnitResult& unit : units) {
    result.loss += unit.loss;
    result.predicted.insert(result.predicted.end(), unit.predicted.begin(), unit.predicted.end());
  }
  result.gradient_norm = clip_gradient(&units[0].gradient, settings_.clip);
  adamw_.update(parameters_, units[0].gradient, learning_rate);
  scorer_->set_flat(parameters_);
  return result;
}

void ScorerTrainer::store(SavedState* state) const {
  state->arrays["parameters"] = parameters_;
  state->arrays["adamw.m"] = adamw_.m;
  state->arrays["adamw.v"] = adamw_.v;
  state->numbers["adamw.step"] = adamw_.step;
}

void ScorerTrainer::restore(const SavedState& state) {
  const std::size_t size = parameters_.size();
  parameters_ = state.array("parameters", size);
  adamw_.m = state.array("adamw.m", size);
  adamw_.v = state.array("adamw.v", size);
  adamw_.step = state.number("adamw.step");
  scorer_->set_flat(parameters_);
}

Tensor soft_cross_entropy(const Tensor& log_probabilities, const std::vector<Satisfaction>& targets,
                          const std::array<double, 3>& class_weights, double divisor) {
  const auto count = static_cast<std::int64_t>(targets.size());
  const Tensor weights_B3 = at::empty({count, 3}, at::kDouble);
  double* row = weights_B3.data_ptr<double>();
  for (const Satisfaction& target : targets) {
    *row++ = -target.bad * class_weights[0] / divisor;
    *row++ = -target.neutral * class_weights[1] / divisor;
    *row++ = -target.good * class_weights[2] / divisor;
  }
  return (log_probabilities * weights_B3.to(log_probabilities.scalar_type())).sum();
}

double warmed_and_decayed(double peak, std::int64_t step, std::int64_t warmup, std::int64_t total) {
  const double done = static_cast<double>(step) + 1;
  if (step < warmup) return peak * done / static_cast<double>(warmup);
  const double left = static_cast<double>(total - step) / static_cast<double>(total - warmup);
  return peak * std::max(left, 0.0);
}

}  // namespace arf
