// One optimiser step of a scorer on a batch of soft labels. The batch is cut into units of at most
// five texts by their lengths alone; a unit's gradient is computed on one thread of one rank, and
// the gradients are added in the order of units, so that neither number changes a bit.
#pragma once

#include <array>
#include <vector>

#include "data_io/state_store.h"
#include "model/adamw.h"
#include "scoring/examples.h"
#include "scoring/sliced_sum.h"
#include "scoring/workers.h"

namespace arf {

struct TrainerSettings {
  AdamWSettings adamw;
  double clip = 1;                               // largest norm of a gradient; 0: any
  std::array<double, 3> class_weights{1, 1, 1};  // bad, neutral, good
  double focal_gamma = 0;                        // 0: cross-entropy
  Workers workers{1};                            // all of its ranks take every step together
};

class ScorerTrainer {
 public:
  static constexpr std::size_t kTextsPerUnit = 5;

  struct Result {
    double loss = 0;                      // mean over the batch, before the step
    double gradient_norm = 0;             // before clipping
    std::vector<Satisfaction> predicted;  // of each text, before the step
  };

  // The scorer must outlive the trainer; nothing else may change it.
  ScorerTrainer(Scorer* scorer, const TrainerSettings& settings);

  // Collective over the ranks. input_error on all of them where the gradient is not finite.
  Result step(const std::vector<const Example*>& batch, double learning_rate);

  void store(SavedState* state) const;  // parameters, moments, number of steps; collective
  // input_error where the state is another scorer's, or of a number of steps that cannot be.
  void restore(const SavedState& state, std::int64_t least_steps, std::int64_t most_steps);

  const std::vector<float>& parameters() const { return parameters_; }

 private:
  // Clips this rank's slice of the gradient and steps down it.
  void update(std::vector<float>* slice, double norm, double learning_rate);
  void publish();  // hands the parameters to the scorer, laid out for its kernels

  Scorer* scorer_;
  TrainerSettings settings_;
  std::vector<float> parameters_;
  SlicedSum sum_;
  AdamW adamw_;  // moments of this rank's slice
};

// Mean cross-entropy of log-probabilities [B, 3] against the targets, each text weighted by its
// target's class weights (paper eq. 10; `divisor` texts in the whole batch): a scalar. focal_gamma
// above 0: each class's term times (1 - p)^gamma (Lin et al. 2017, eq. 4, of soft labels).
Tensor soft_cross_entropy(const Tensor& log_probabilities, const std::vector<Satisfaction>& targets,
                          const std::array<double, 3>& class_weights, double divisor,
                          double focal_gamma = 0);

// Peak times a linear rise over the first `warmup` steps and a linear fall to zero after `total`.
double warmed_and_decayed(double peak, std::int64_t step, std::int64_t warmup, std::int64_t total);

}  // namespace arf
