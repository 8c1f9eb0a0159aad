// Fits a static scorer to labelled texts: warm-up and linear decay, validation at intervals, the
// best state by it kept. Resumable at any iteration, to the bit, on any number of ranks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scoring/examples.h"
#include "scoring/measures.h"
#include "scoring/scorer_trainer.h"
#include "scoring/source_measures.h"

namespace arf {

struct FitSettings {
  std::int64_t iterations = 0;  // optimiser steps; 0: four passes, at least 500 steps
  int batch = 20;               // texts a step (paper, table 7)
  double learning_rate = 0;     // the peak; 0: 5e-4 for drawn weights, 3e-5 for trained ones
  double warmup = 0.1;          // share of the iterations over which the rate rises
  double weight_decay = 0.01;
  double clip = 1;                      // largest norm of a gradient; 0: any
  std::string class_weights = "none";   // none | balanced
  double focal_gamma = 0;               // of the focal loss; 0: cross-entropy
  std::string keep = "best";            // best (lowest validation loss) | best_f1 (macro-F1) | last
  std::int64_t patience = 0;            // evaluations without a better one that end it; 0: any
  std::int64_t evaluate_every = 0;      // iterations; 0: a twentieth of them, at least 50
  std::int64_t evaluate_texts = 2000;   // validation texts at an evaluation; 0: all
  std::int64_t checkpoint_every = 500;  // iterations
};

// usage_error, naming key and value.
void check_fit_settings(const FitSettings& settings);

class ScorerFit {
 public:
  struct Step {
    std::int64_t iteration = 0;  // iterations done with this one
    double learning_rate = 0, loss = 0, accuracy = 0, gradient_norm = 0;
    std::uint64_t tokens = 0;
    std::optional<Measures> validation;  // where one was due
  };

  // Fills in the settings that are 0. from_scratch: the encoder's weights were drawn. input_error
  // where a side of the examples is empty. The scorer must outlive the fit.
  ScorerFit(Scorer* scorer, ExampleSet examples, const FitSettings& settings, bool from_scratch,
            std::uint64_t seed, const Workers& workers);

  const FitSettings& settings() const { return settings_; }
  const ExampleSet& examples() const { return examples_; }
  std::int64_t iterations_done() const { return done_; }
  bool finished() const { return done_ >= settings_.iterations || ran_out_of_patience(); }
  bool ran_out_of_patience() const;
  Step advance();  // collective over the workers' ranks

  void store(SavedState* state) const;    // collective
  void restore(const SavedState& state);  // input_error where it is another run's

  // Puts the kept state into the scorer; returns the iteration it is of.
  std::int64_t finish();

 private:
  Measures validate();
  std::int64_t evaluations(std::int64_t iteration) const {
    return iteration / settings_.evaluate_every;
  }
  void keep_if_best(const Measures& measures);

  Scorer* scorer_;
  ExampleSet examples_;
  FitSettings settings_;
  Workers workers_;
  EpochOrder order_;
  std::vector<FramedText> validation_texts_;
  std::vector<Satisfaction> validation_labels_;
  ScorerTrainer trainer_;
  std::int64_t done_ = 0, best_iteration_ = 0;
  double best_loss_ = 0;  // what is lowest at the best state: the loss, or 1 - macro-F1
  std::vector<float> best_parameters_;  // empty before the first evaluation, or where last is kept
};

}  // namespace arf
