#include "scoring/scorer_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/finite.h"
#include "core/parallel.h"
#include "model/one_thread.h"

namespace arf {
namespace {

constexpr double kLeastLeft = 1e-12;

// Positions of the batch, cut into units of nearly as many tokens: the texts, longest first, are
// dealt there and back again.
std::vector<std::vector<std::size_t>> cut_into_units(const std::vector<const Example*>& batch) {
  constexpr std::size_t kTexts = ScorerTrainer::kTextsPerUnit;
  std::vector<std::size_t> order(batch.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return batch[a]->text.tokens.size() > batch[b]->text.tokens.size();
  });
  const std::size_t count = (batch.size() + kTexts - 1) / kTexts;
  std::vector<std::vector<std::size_t>> units(count);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t seat = i % count;
    units[i / count % 2 == 0 ? seat : count - 1 - seat].push_back(order[i]);
  }
  return units;
}

// Gives the unit's gradient and loss, and each of its texts' prediction.
std::vector<float> run_unit(const Scorer& scorer, const std::vector<const Example*>& batch,
                            const std::vector<std::size_t>& unit, const TrainerSettings& settings,
                            double* loss_out, std::vector<Satisfaction>* predicted) {
  std::vector<FramedText> texts;
  std::vector<Satisfaction> targets;
  for (const std::size_t i : unit) {
    texts.push_back(batch[i]->text);
    targets.push_back(batch[i]->target);
  }
  const Tensor log_p_B3 = scorer.log_satisfaction(texts);
  const Tensor loss = soft_cross_entropy(log_p_B3, targets, settings.class_weights,
                                         static_cast<double>(batch.size()), settings.focal_gamma);
  *loss_out = loss.item<double>();
  const Tensor p_B3 = log_p_B3.detach().exp().contiguous();
  const float* row = p_B3.data_ptr<float>();
  for (const std::size_t i : unit) {
    (*predicted)[i] = {row[0], row[1], row[2]};
    row += 3;
  }
  return scorer.gradient(loss);
}

}  // namespace

ScorerTrainer::ScorerTrainer(Scorer* scorer, const TrainerSettings& settings)
    : scorer_(scorer),
      settings_(settings),
      parameters_(scorer->flat()),
      sum_(parameters_.size(), settings.workers),
      adamw_(settings.adamw, parameters_.size()) {
  scorer_->pack(settings.workers.threads);
}

ScorerTrainer::Result ScorerTrainer::step(const std::vector<const Example*>& batch,
                                          double learning_rate) {
  ARF_CHECK(!batch.empty(), "a batch without texts");
  const Workers& workers = settings_.workers;
  const auto plan = cut_into_units(batch);
  std::vector<std::vector<float>> gradients(plan.size());
  std::vector<double> losses(plan.size());
  Result result;
  result.predicted.resize(batch.size());
  parallel_for(workers.count(plan.size()), workers.threads, [&](std::size_t i) {
    use_one_thread();
    const std::size_t u = workers.unit(i);
    gradients[u] = run_unit(*scorer_, batch, plan[u], settings_, &losses[u], &result.predicted);
  });
  std::vector<std::size_t> unit_of(batch.size());
  for (std::size_t u = 0; u < plan.size(); ++u) {
    for (const std::size_t i : plan[u]) unit_of[i] = u;
  }
  workers.share(&losses, [](std::size_t u) { return u; });
  workers.share(&result.predicted, [&](std::size_t i) { return unit_of[i]; });
  result.loss = std::accumulate(losses.begin(), losses.end(), 0.0);
  std::vector<float> slice = sum_.add(&gradients);
  result.gradient_norm = sum_.norm(slice);
  if (!std::isfinite(result.gradient_norm)) {
    error_is_agreed = workers.size() > 1;  // all have the same norm
    input_error("step {}: the scorer's gradient is not finite: lower --train.learning_rate",
                adamw_.step + 1);
  }
  update(&slice, result.gradient_norm, learning_rate);
  if (!is_finite(parameters_)) {
    error_is_agreed = workers.size() > 1;  // all have the same weights
    input_error(
        "step {}: a step of learning rate {} leaves a scorer whose weights are not finite: lower "
        "--train.learning_rate",
        adamw_.step, learning_rate);
  }
  publish();
  return result;
}

void ScorerTrainer::update(std::vector<float>* slice, double norm, double learning_rate) {
  const bool clip = settings_.clip > 0 && norm > settings_.clip;
  const float factor = clip ? static_cast<float>(settings_.clip / norm) : 1.0f;
  adamw_.begin_step();
  sum_.for_each_part([&](std::size_t from, std::size_t to) {
    const auto part = std::span(*slice).subspan(from - sum_.first(), to - from);
    for (std::size_t i = 0; clip && i < part.size(); ++i) part[i] *= factor;
    adamw_.update_part(parameters_, part, learning_rate, from);
  });
  sum_.share(&parameters_);
}

void ScorerTrainer::publish() {
  scorer_->set_flat(parameters_, settings_.workers.threads);
  scorer_->pack(settings_.workers.threads);
}

void ScorerTrainer::store(SavedState* state) const {
  state->arrays["parameters"] = parameters_;
  sum_.share(&(state->arrays["adamw.m"] = adamw_.m));
  sum_.share(&(state->arrays["adamw.v"] = adamw_.v));
  state->numbers["adamw.step"] = adamw_.step;
}

void ScorerTrainer::restore(const SavedState& state, std::int64_t least_steps,
                            std::int64_t most_steps) {
  const std::size_t size = parameters_.size();
  parameters_ = state.array("parameters", size);
  adamw_.m = state.array("adamw.m", size);
  adamw_.v = state.array("adamw.v", size);
  adamw_.step = state.number("adamw.step", least_steps, most_steps);
  publish();
}

Tensor soft_cross_entropy(const Tensor& log_probabilities, const std::vector<Satisfaction>& targets,
                          const std::array<double, 3>& class_weights, double divisor,
                          double focal_gamma) {
  const auto count = static_cast<std::int64_t>(targets.size());
  const Tensor weights_B3 = at::empty({count, 3}, at::kDouble);
  double* row = weights_B3.data_ptr<double>();
  for (const Satisfaction& target : targets) {
    *row++ = -target.bad * class_weights[0] / divisor;
    *row++ = -target.neutral * class_weights[1] / divisor;
    *row++ = -target.good * class_weights[2] / divisor;
  }
  const Tensor terms = log_probabilities * weights_B3.to(log_probabilities.scalar_type());
  if (focal_gamma == 0) return terms.sum();
  // 1 - p, above 0 also where p is 1 by rounding: a power below 1 has no slope at 0.
  const Tensor left_B3 = (-log_probabilities.expm1()).clamp_min(kLeastLeft);
  return (terms * left_B3.pow(focal_gamma)).sum();
}

double warmed_and_decayed(double peak, std::int64_t step, std::int64_t warmup, std::int64_t total) {
  const double done = static_cast<double>(step) + 1;
  if (step < warmup) return peak * done / static_cast<double>(warmup);
  const double left = static_cast<double>(total - step) / static_cast<double>(total - warmup);
  return peak * std::max(left, 0.0);
}

}  // namespace arf
