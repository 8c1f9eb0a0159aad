// The learner's loop: the units' gradients, their sum over the learners, one step of AdamW.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "comm/communicator.h"
#include "data_io/trace_file.h"
#include "exchange/conversation.h"
#include "learning/gradient_sum.h"
#include "learning/method.h"
#include "learning/unit_metrics.h"
#include "model/adamw.h"
#include "model/policy.h"
#include "roles/train_settings.h"
#include "roles/training_data.h"

namespace arf {

// What an update did; the same on every learner.
struct UpdateResult {
  UnitMetrics metrics;  // of the first pass over the rollouts; ppo's ratios of the last
  GradientNorms norms;  // of the mean gradient, before clipping
  double rounding = 0;  // the largest norm of the error that the sum's fixed point can make
  double learning_rate = 0;
};

class LearnerRole {
 public:
  // Keeps references; `learners` is the group whose gradients are summed.
  LearnerRole(const TrainSettings& settings, const Decoder& decoder, TrainingData* data,
              Conversation* conversation, const Communicator& learners, SpanRecorder* spans,
              int num_threads);

  // Collective over the learners. Learns iteration `iteration` from units made by `expected`, and
  // stops (a defect) where a rollout carries another version; its parameters are `sampling`. So it
  // does where rewards are not of the scorer that had taken `feedback` messages.
  // Afterwards version() is the next.
  UpdateResult run(std::int64_t iteration, const PolicyVersion& expected,
                   const std::vector<float>& sampling, std::uint64_t feedback = 0);
  const ScorerVersion& scorer() const { return scorer_; }  // who gave the last run's rewards
  // Hashes of the units that this rank learnt in its last run.
  const std::map<std::uint32_t, UnitTrail>& trail() const { return trail_; }
  std::map<std::string, std::uint64_t> tensor_hashes() const;  // of the policy now, by name
  // Takes what was sampled for an iteration that will not be learnt now, so that its senders end.
  void leave_out_rollouts(std::int64_t iteration);

  const Policy& policy() const { return policy_; }
  const PolicyVersion& version() const { return version_; }
  const std::vector<float>& parameters() const { return parameters_; }
  const AdamW& adamw() const { return adamw_; }
  void restore(std::uint64_t version, std::vector<float> parameters, const AdamW& adamw);

 private:
  std::vector<LearningUnit> receive_units(std::int64_t iteration, const PolicyVersion& expected,
                                          std::uint64_t feedback);
  UnitMetrics update(std::vector<LearningUnit>* units, std::int64_t iteration,
                     UpdateResult* result);
  void check_sampling(const std::vector<LearningUnit>& units, const PolicyVersion& expected,
                      const std::vector<float>& sampling);
  void set_version(std::uint64_t number);

  const TrainSettings& settings_;
  TrainingData* data_;
  Conversation* conversation_;
  const Communicator& learners_;
  SpanRecorder* spans_;
  int num_threads_;
  std::unique_ptr<Method> method_;
  Policy policy_;
  AdamW adamw_;
  std::vector<float> parameters_;
  PolicyVersion version_;
  ScorerVersion scorer_;
  std::map<std::uint32_t, UnitTrail> trail_;
  std::int64_t next_check_ = 0;  // iteration from which on log-probs are to be compared again
};

}  // namespace arf
