#include "scoring/scorer_fit.h"

#include <algorithm>
#include <cmath>

namespace arf {
namespace {

constexpr double kRateFromScratch = 5e-4, kRateOfTrained = 3e-5;
constexpr double kMostGamma = 10;
constexpr std::int64_t kPasses = 4, kFewestIterations = 500, kEvaluations = 20;

FitSettings filled_in(FitSettings s, const ExampleSet& examples, bool from_scratch) {
  const auto texts = static_cast<std::int64_t>(examples.training.size());
  if (s.iterations == 0) {
    s.iterations = std::max(kFewestIterations, (kPasses * texts + s.batch - 1) / s.batch);
  }
  if (s.learning_rate == 0) s.learning_rate = from_scratch ? kRateFromScratch : kRateOfTrained;
  if (s.evaluate_every == 0) {
    s.evaluate_every = std::max<std::int64_t>(50, s.iterations / kEvaluations);
  }
  return s;
}

TrainerSettings trainer_settings(const FitSettings& settings, const ExampleSet& examples,
                                 const Workers& workers) {
  TrainerSettings trainer;
  trainer.adamw.weight_decay = settings.weight_decay;
  trainer.clip = settings.clip;
  trainer.class_weights = find_class_weights(settings.class_weights, examples.training);
  trainer.focal_gamma = settings.focal_gamma;
  trainer.workers = workers;
  return trainer;
}

ExampleSet checked(ExampleSet examples) {
  if (examples.training.empty() || examples.validation.empty() || examples.test.empty()) {
    input_error(
        "the corpus has {} labelled texts to train on, {} to validate and {} to test (split by "
        "their hash): too few of them differ; give a corpus of a few hundred texts or more",
        examples.training.size(), examples.validation.size(), examples.test.size());
  }
  return examples;
}

}  // namespace

void check_fit_settings(const FitSettings& s) {
  const auto refuse = [](const char* key, double value, const char* what) {
    usage_error("--train.{} is {}; it takes {}", key, value, what);
  };
  if (s.iterations < 0) refuse("iterations", double(s.iterations), "0 or more");
  if (s.batch < 1) refuse("batch", s.batch, "1 or more");
  if (!(s.learning_rate >= 0)) refuse("learning_rate", s.learning_rate, "0 or more");
  if (!(s.warmup >= 0 && s.warmup < 1)) refuse("warmup", s.warmup, "a share from 0 to below 1");
  if (!(s.weight_decay >= 0)) refuse("weight_decay", s.weight_decay, "0 or more");
  if (!(s.clip >= 0)) refuse("clip", s.clip, "0 or more");
  if (s.evaluate_every < 0) refuse("evaluate_every", double(s.evaluate_every), "0 or more");
  if (s.evaluate_texts < 0) refuse("evaluate_texts", double(s.evaluate_texts), "0 or more");
  if (!(s.focal_gamma >= 0 && s.focal_gamma <= kMostGamma))
    refuse("focal_gamma", s.focal_gamma, "a number from 0 to 10");
  if (s.patience < 0) refuse("patience", double(s.patience), "0 or more");
  if (s.checkpoint_every < 1) refuse("checkpoint_every", double(s.checkpoint_every), "1 or more");
}

ScorerFit::ScorerFit(Scorer* scorer, ExampleSet examples, const FitSettings& settings,
                     bool from_scratch, std::uint64_t seed, const Workers& workers)
    : scorer_(scorer),
      examples_(checked(std::move(examples))),
      settings_(filled_in(settings, examples_, from_scratch)),
      workers_(workers),
      order_(examples_.training.size(), seed, Purpose::kScorerOrder),
      trainer_(scorer, trainer_settings(settings_, examples_, workers)) {
  const std::vector<Example>& held = examples_.validation;
  const auto most = static_cast<std::size_t>(settings_.evaluate_texts);
  const std::size_t count = most == 0 ? held.size() : std::min(most, held.size());
  for (std::size_t i = 0; i < count; ++i) {  // spread over all corpora
    const Example& example = held[i * held.size() / count];
    validation_texts_.push_back(example.text);
    validation_labels_.push_back(example.target);
  }
}

ScorerFit::Step ScorerFit::advance() {
  const auto batch = static_cast<std::uint64_t>(settings_.batch);
  const auto warmup = static_cast<std::int64_t>(settings_.warmup * double(settings_.iterations));
  Step step;
  step.learning_rate =
      warmed_and_decayed(settings_.learning_rate, done_, warmup, settings_.iterations);
  std::vector<const Example*> examples;
  for (std::uint64_t i = 0; i < batch; ++i) {
    const std::uint64_t position = static_cast<std::uint64_t>(done_) * batch + i;
    examples.push_back(&examples_.training[order_.at(position)]);
  }
  const auto result = trainer_.step(examples, step.learning_rate);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    step.tokens += examples[i]->text.tokens.size();
    const bool right = likeliest(result.predicted[i]) == likeliest(examples[i]->target);
    step.accuracy += right ? 1.0 / settings_.batch : 0.0;
  }
  step.loss = result.loss;
  step.gradient_norm = result.gradient_norm;
  step.iteration = ++done_;
  if (done_ % settings_.evaluate_every == 0 || finished()) {
    step.validation = validate();
    keep_if_best(*step.validation);
  }
  return step;
}

Measures ScorerFit::validate() {
  return measure(score_all(*scorer_, validation_texts_, workers_), validation_labels_);
}

void ScorerFit::keep_if_best(const Measures& measures) {
  const double loss = settings_.keep == "best_f1" ? 1 - measures.macro_f1 : measures.loss;
  if (best_iteration_ > 0 && loss >= best_loss_) return;
  best_loss_ = loss;
  best_iteration_ = done_;
  if (settings_.keep != "last") best_parameters_ = trainer_.parameters();
}

bool ScorerFit::ran_out_of_patience() const {
  if (settings_.patience == 0 || best_iteration_ == 0) return false;
  return evaluations(done_) - evaluations(best_iteration_) >= settings_.patience;
}

void ScorerFit::store(SavedState* state) const {
  trainer_.store(state);
  state->numbers["iteration"] = done_;
  state->numbers["best_iteration"] = best_iteration_;
  state->sums["best_loss"] = best_loss_;
  state->arrays["best_parameters"] = best_parameters_;
}

void ScorerFit::restore(const SavedState& state) {
  done_ = state.number("iteration", 0, settings_.iterations);
  // The first state that is evaluated is the best one then, whatever its loss.
  const std::int64_t first = std::min(settings_.evaluate_every, settings_.iterations);
  const bool has_best = done_ >= first, keeps_it = has_best && settings_.keep != "last";
  best_iteration_ = state.number("best_iteration", has_best ? first : 0, has_best ? done_ : 0);
  best_parameters_ = state.array("best_parameters", keeps_it ? trainer_.parameters().size() : 0);
  best_loss_ = state.sum("best_loss");
  if (!std::isfinite(best_loss_)) {
    input_error("{}: `best_loss` is {}, which is no loss; remove the run's folder to start afresh",
                state.path.string(), best_loss_);
  }
  trainer_.restore(state, done_, done_);
}

std::int64_t ScorerFit::finish() {
  if (best_parameters_.empty()) return done_;
  scorer_->set_flat(best_parameters_, workers_.threads);
  scorer_->pack(workers_.threads);
  return best_iteration_;
}

}  // namespace arf
