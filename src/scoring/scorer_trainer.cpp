#include "scoring/scorer_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.h"
#include "model/one_thread.h"

namespace arf {
namespace {

// Elements that one thread handles at a time. Fixed: norms are summed by these parts.
constexpr std::size_t kPart = 1 << 17;

struct UnitResult {
  double loss = 0;
  std::vector<float> gradient;
  std::vector<Satisfaction> predicted;
};

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

UnitResult run_unit(const Scorer& scorer, const std::vector<const Example*>& batch,
                    const std::vector<std::size_t>& unit,
                    const std::array<double, 3>& class_weights) {
  std::vector<FramedText> texts;
  std::vector<Satisfaction> targets;
  for (const std::size_t i : unit) {
    texts.push_back(batch[i]->text);
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

// body(part, first, last) for parts of `size` elements.
void for_each_part(std::size_t size, int num_threads,
                   const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  parallel_for((size + kPart - 1) / kPart, num_threads, [&](std::size_t part) {
    body(part, part * kPart, std::min(size, (part + 1) * kPart));
  });
}

// Adds the units' gradients into the first, element by element in the order of units. Returns the
// norm of the sum.
double add_in_order(std::vector<UnitResult>& units, int num_threads) {
  std::vector<float>& sum = units[0].gradient;
  std::vector<double> squares((sum.size() + kPart - 1) / kPart, 0.0);
  for_each_part(sum.size(), num_threads,
                [&](std::size_t part, std::size_t first, std::size_t last) {
                  for (std::size_t u = 1; u < units.size(); ++u) {
                    const float* gradient = units[u].gradient.data();
                    for (std::size_t i = first; i < last; ++i) sum[i] += gradient[i];
                  }
                  double square = 0;
                  for (std::size_t i = first; i < last; ++i)
                    square += static_cast<double>(sum[i]) * sum[i];
                  squares[part] = square;
                });
  return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
}

}  // namespace

ScorerTrainer::ScorerTrainer(Scorer* scorer, const TrainerSettings& settings)
    : scorer_(scorer),
      settings_(settings),
      parameters_(scorer->flat()),
      adamw_(settings.adamw, parameters_.size()) {
  scorer_->pack(settings.num_threads);
}

ScorerTrainer::Result ScorerTrainer::step(const std::vector<const Example*>& batch,
                                          double learning_rate) {
  ARF_CHECK(!batch.empty(), "a batch without texts");
  const auto plan = cut_into_units(batch);
  std::vector<UnitResult> units(plan.size());
  parallel_for(units.size(), settings_.num_threads, [&](std::size_t unit) {
    use_one_thread();
    units[unit] = run_unit(*scorer_, batch, plan[unit], settings_.class_weights);
  });
  Result result;
  result.predicted.resize(batch.size());
  for (std::size_t u = 0; u < units.size(); ++u) {
    result.loss += units[u].loss;
    for (std::size_t i = 0; i < plan[u].size(); ++i) {
      result.predicted[plan[u][i]] = units[u].predicted[i];
    }
  }
  result.gradient_norm = add_in_order(units, settings_.num_threads);
  update(&units[0].gradient, result.gradient_norm, learning_rate);
  publish();
  return result;
}

void ScorerTrainer::update(std::vector<float>* gradient, double norm, double learning_rate) {
  const bool clip = settings_.clip > 0 && norm > settings_.clip;
  const float factor = clip ? static_cast<float>(settings_.clip / norm) : 1.0f;
  adamw_.begin_step();
  for_each_part(gradient->size(), settings_.num_threads,
                [&](std::size_t, std::size_t first, std::size_t last) {
                  for (std::size_t i = first; clip && i < last; ++i) (*gradient)[i] *= factor;
                  adamw_.update_part(parameters_, *gradient, learning_rate, first, last);
                });
}

void ScorerTrainer::publish() {
  scorer_->set_flat(parameters_, settings_.num_threads);
  scorer_->pack(settings_.num_threads);
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
  publish();
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
