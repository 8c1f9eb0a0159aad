// The generator's loop: an iteration's units, sampled and sent on. Which of them this rank samples
// is given by the layout (static) or by who is ready first (dynamic).
#pragma once

#include <cstdint>
#include <set>

#include "data_io/held_weights.h"
#include "data_io/trace_file.h"
#include "data_io/unit_journal.h"
#include "exchange/conversation.h"
#include "generation/generator.h"
#include "guard/unit_counter.h"
#include "model/policy.h"
#include "roles/train_settings.h"
#include "roles/training_data.h"

namespace arf {

// What is sampled for the dialogues of a unit, in this order.
std::vector<DialogueToSample> dialogues_to_sample(const std::vector<TrainingData::Member>& members,
                                                  int samples);

class GeneratorRole {
 public:
  // Keeps references. decoder: shares its weights with the learner of this rank, if there is one.
  // journal: null keeps none. weights: the decoder's, where they are a file's; null: nobody can
  // write to them.
  GeneratorRole(const TrainSettings& settings, const Tokenizer& tokenizer, const ChatTemplate& chat,
                const Decoder& decoder, TrainingData* data, Conversation* conversation,
                UnitCounter* counter, UnitJournal* journal, HeldWeights* weights,
                SpanRecorder* spans, int num_threads);

  // Takes over a policy that was shared; what is sampled from now on carries its version.
  void set_policy(const PolicyVersion& version, const std::vector<float>& parameters);
  // held: units that were sampled before and need not be again.
  void run(std::int64_t iteration, const std::set<std::uint32_t>& held);

  double take_num_tokens();  // generated since the last call

 private:
  std::vector<Rollout> sample_unit(std::int64_t iteration, std::uint32_t unit,
                                   const std::vector<TrainingData::Member>& members) const;
  void send(std::int64_t iteration, std::uint32_t unit, const std::vector<Rollout>& rollouts);
  const TrainSettings& settings_;
  TrainingData* data_;
  Conversation* conversation_;
  UnitCounter* counter_;
  UnitJournal* journal_;  // null: none is kept
  HeldWeights* weights_;
  SpanRecorder* spans_;
  int num_threads_;
  Policy policy_;
  Generator generator_;
  PolicyVersion version_;
  double num_tokens_ = 0;
};

}  // namespace arf
