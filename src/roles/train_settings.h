// Everything `arf train` can be told, with its defaults.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "comm/rank_layout.h"
#include "config/options.h"
#include "generation/generator.h"
#include "guard/watch.h"
#include "learning/learning_rate.h"
#include "learning/method.h"
#include "model/adamw.h"
#include "model/model_folder.h"
#include "model/policy.h"
#include "roles/alarms.h"
#include "scoring/feed_settings.h"

namespace arf {

struct TrainSettings {
  RunSettings run;
  std::string build;  // whose units a run may take from its journal: its own
  ModelSettings model;
  std::vector<std::string> corpora;  // their rows follow one another
  std::string scorer;                // ppo and tracebias: who gives the rewards
  MethodSettings method;
  std::string train_on = "replies";  // sft: replies | all (every turn's text: pretraining)
  LoraConfig lora;
  SamplingSettings sampling;
  RoleCounts roles;
  std::string hand_out = "dynamic";  // static | dynamic: how generators get their units

  std::int64_t iterations = 500;
  int batch = 16;   // dialogues of an iteration
  int unit = 4;     // dialogues of a work unit: the grain of the division of labour
  int samples = 1;  // replies sampled per prompt
  int staleness = 0;
  LearningRateSettings learning_rate;  // peak 0: 1e-4 for an adapter, 1e-3 for all weights
  AdamWSettings adamw;
  double clip = 1;            // largest norm of the gradient; 0: any
  int checkpoint_every = 50;  // iterations
  bool journal = true;        // keep the units sampled since the last checkpoint
  int check_every = 50;       // iterations between comparisons of log-probs; 0: at the start only
  int report_samples = 4;     // prompts of the report
  AlarmSettings alarms;
  FeedSettings feed;  // of the scorer
  Deadlines deadlines;
};

// usage_error: what does not fit together. Resolves the learning rate's default.
void check_train_settings(TrainSettings* settings, int num_ranks);

// Units of one iteration.
std::uint32_t num_units(const TrainSettings& settings);

// Where the next turn's context comes from: the sampled replies (algorithm 1), but the stored ones
// where the stored replies are what is learnt (teacher_forced).
TraceContext trace_context(const MethodSettings& method);

}  // namespace arf
