// The generator's loop: the units of an iteration that are this rank's, sampled and sent on.
#pragma once

#include <cstdint>

#include "data_io/trace_file.h"
#include "exchange/conversation.h"
#include "generation/generator.h"
#include "model/policy.h"
#include "roles/train_settings.h"
#include "roles/training_data.h"

namespace arf {

class GeneratorRole {
 public:
  // Keeps references. decoder: shares its weights with the learner of this rank, if there is one.
  GeneratorRole(const TrainSettings& settings, const Tokenizer& tokenizer, const ChatTemplate& chat,
                const Decoder& decoder, TrainingData* data, Conversation* conversation,
                SpanRecorder* spans, int num_threads);

  // Takes over a policy that was shared; what is sampled from now on carries its version.
  void set_policy(const PolicyVersion& version, const std::vector<float>& parameters);
  void run(std::int64_t iteration);

  const PolicyVersion& version() const { return version_; }
  double take_num_tokens();  // generated since the last call

 private:
  std::vector<Rollout> sample_unit(std::int64_t iteration, std::uint32_t unit,
                                   const std::vector<TrainingData::Member>& members) const;
  const TrainSettings& settings_;
  TrainingData* data_;
  Conversation* conversation_;
  SpanRecorder* spans_;
  int num_threads_;
  Policy policy_;
  Generator generator_;
  PolicyVersion version_;
  double num_tokens_ = 0;
};

}  // namespace arf
