#include "roles/generator_role.h"

#include <utility>

#include "core/activity.h"
#include "core/parallel.h"
#include "model/one_thread.h"
#include "roles/policy_settings.h"

namespace arf {

GeneratorRole::GeneratorRole(const TrainSettings& settings, const Tokenizer& tokenizer,
                             const ChatTemplate& chat, const Decoder& decoder, TrainingData* data,
                             Conversation* conversation, SpanRecorder* spans, int num_threads)
    : settings_(settings),
      data_(data),
      conversation_(conversation),
      spans_(spans),
      num_threads_(num_threads),
      policy_(decoder, policy_settings(settings), settings.run.seed),
      generator_(policy_.decoder(), tokenizer, chat, settings.sampling) {}

void GeneratorRole::set_policy(const PolicyVersion& version, const std::vector<float>& parameters) {
  policy_.set_flat(parameters);
  version_ = version;
}

void GeneratorRole::run(std::int64_t iteration) {
  const auto span = spans_->scope("generate");
  const PhaseScope phase(Phase::kGenerate);
  const auto units = conversation_->units_to_generate(num_units(settings_));
  std::vector<std::vector<TrainingData::Member>> members;  // drawn here: the order is not shared
  for (const std::uint32_t unit : units) members.push_back(data_->unit(iteration, unit));
  std::vector<std::vector<Rollout>> rollouts(units.size());
  parallel_for(units.size(), num_threads_, [&](std::size_t i) {
    use_one_thread();
    note_unit(units[i]);
    rollouts[i] = sample_unit(iteration, units[i], members[i]);
  });
  for (std::size_t i = 0; i < units.size(); ++i) {
    for (const Rollout& rollout : rollouts[i]) {
      for (const SampledTurn& turn : rollout.turns) {
        num_tokens_ += static_cast<double>(turn.response.size());
      }
    }
    conversation_->send_rollouts(units[i], rollouts[i]);
  }
}

std::vector<Rollout> GeneratorRole::sample_unit(
    std::int64_t iteration, std::uint32_t unit,
    const std::vector<TrainingData::Member>& members) const {
  std::vector<DialogueToSample> dialogues;
  for (const TrainingData::Member& member : members) {
    for (int sample = 0; sample < settings_.samples; ++sample) {
      dialogues.push_back({member.row, static_cast<std::uint32_t>(sample), member.dialogue});
    }
  }
  auto rollouts = generator_.sample(dialogues, policy_.adapter(), trace_context(settings_.method),
                                    settings_.run.seed, Purpose::kSampling,
                                    static_cast<std::uint64_t>(iteration));
  for (Rollout& rollout : rollouts) {
    rollout.unit = unit;
    rollout.version = version_;
  }
  return rollouts;
}

double GeneratorRole::take_num_tokens() { return std::exchange(num_tokens_, 0.0); }

}  // namespace arf
