#include "roles/generator_role.h"

#include <utility>

#include "core/parallel.h"
#include "core/unit_scope.h"
#include "exchange/wire.h"
#include "model/one_thread.h"
#include "roles/policy_settings.h"

namespace arf {

std::vector<DialogueToSample> dialogues_to_sample(const std::vector<TrainingData::Member>& members,
                                                  int samples) {
  std::vector<DialogueToSample> dialogues;
  for (const TrainingData::Member& member : members) {
    for (int sample = 0; sample < samples; ++sample) {
      dialogues.push_back({member.row, static_cast<std::uint32_t>(sample), member.dialogue});
    }
  }
  return dialogues;
}

GeneratorRole::GeneratorRole(const TrainSettings& settings, const Tokenizer& tokenizer,
                             const ChatTemplate& chat, const Decoder& decoder, TrainingData* data,
                             Conversation* conversation, UnitCounter* counter, UnitJournal* journal,
                             HeldWeights* weights, SpanRecorder* spans, int num_threads)
    : settings_(settings),
      data_(data),
      conversation_(conversation),
      counter_(counter),
      journal_(journal),
      weights_(weights),
      spans_(spans),
      num_threads_(num_threads),
      policy_(decoder, policy_settings(settings), settings.run.seed),
      generator_(policy_.decoder(), tokenizer, chat, settings.sampling) {}

void GeneratorRole::set_policy(const PolicyVersion& version, const std::vector<float>& parameters) {
  policy_.set_flat(parameters);
  version_ = version;
}

void GeneratorRole::run(std::int64_t iteration, const std::set<std::uint32_t>& held) {
  const auto span = spans_->scope("generate");
  const PhaseScope phase(Phase::kGenerate);
  const std::uint32_t num_units = arf::num_units(settings_);
  const auto mine = conversation_->units_to_generate(num_units);
  std::vector<std::vector<TrainingData::Member>> members(num_units);
  std::vector<std::vector<Rollout>> rollouts(num_units);
  auto next_of_mine = mine.begin();
  const auto next = [&]() -> std::optional<std::uint32_t> {
    for (;;) {
      std::optional<std::uint32_t> unit;
      if (settings_.hand_out == "dynamic") {
        unit = counter_->take(iteration, num_units);
      } else if (next_of_mine != mine.end()) {
        unit = *next_of_mine++;
      }
      if (!unit) return {};
      if (held.contains(*unit)) continue;
      members[*unit] = data_->unit(iteration, *unit);
      return unit;
    }
  };
  const auto sample = [&](std::uint32_t unit) {
    use_one_thread();
    const UnitScope scope(unit);
    rollouts[unit] = sample_unit(iteration, unit, members[unit]);
  };
  parallel_stream(num_threads_, next, sample, [&](std::uint32_t unit) {
    send(iteration, unit, rollouts[unit]);
    rollouts[unit].clear();
  });
}

void GeneratorRole::send(std::int64_t iteration, std::uint32_t unit,
                         const std::vector<Rollout>& rollouts) {
  num_tokens_ += num_sampled_tokens(rollouts);
  std::vector<std::byte> bytes = pack_rollouts(rollouts);
  // Other weights may have sampled it where their file was written to; the iteration's end will say
  // so.
  const bool is_certain = !weights_ || weights_->is_unwritten();
  if (journal_ && is_certain) journal_->add(iteration, unit, bytes);
  conversation_->send_rollouts(iteration, unit, std::move(bytes));
}

std::vector<Rollout> GeneratorRole::sample_unit(
    std::int64_t iteration, std::uint32_t unit,
    const std::vector<TrainingData::Member>& members) const {
  auto rollouts =
      generator_.sample(dialogues_to_sample(members, settings_.samples), policy_.adapter(),
                        trace_context(settings_.method), settings_.run.seed, Purpose::kSampling,
                        static_cast<std::uint64_t>(iteration));
  for (Rollout& rollout : rollouts) {
    rollout.unit = unit;
    rollout.version = version_;
    rollout.digest = digest_of(rollout);
  }
  return rollouts;
}

double GeneratorRole::take_num_tokens() { return std::exchange(num_tokens_, 0.0); }

}  // namespace arf
