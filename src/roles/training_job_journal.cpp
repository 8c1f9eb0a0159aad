// What a run that goes on takes from its journal: units that need not be sampled again.
#include "core/hash.h"
#include "core/log.h"
#include "exchange/wire.h"
#include "roles/training_job.h"

namespace arf {

// The policy that sampled a unit of the journal. input_error where the unit is not one that this
// run samples there, whatever hashes it has.
PolicyVersion TrainingJob::require_held_unit(UnitJournal::Place place,
                                             const std::vector<std::byte>& bytes,
                                             const Generator& generator) {
  const auto [iteration, unit] = place;
  if (iteration >= settings_.iterations || unit >= num_units(settings_)) {
    input_error("there is no such unit");
  }
  const std::vector<Rollout> rollouts = unpack_rollouts(bytes, WireSource::kFile);
  const auto dialogues = dialogues_to_sample(data_->unit(iteration, unit), settings_.samples);
  if (rollouts.size() != dialogues.size()) {
    input_error("it has {} rollouts of {}", rollouts.size(), dialogues.size());
  }
  for (std::size_t i = 0; i < rollouts.size(); ++i) {
    const Rollout& rollout = rollouts[i];
    if (rollout.digest != digest_of(rollout) || rollout.unit != unit ||
        !(rollout.version == rollouts[0].version) ||
        !generator.can_have_sampled(dialogues[i], trace_context(settings_.method), rollout)) {
      input_error("dialogue {} was not sampled so", dialogues[i].dialogue->id);
    }
  }
  return rollouts.at(0).version;
}

// A unit that cannot be read is sampled again.
void TrainingJob::hold_units_of_journal() {
  held_records_ = journal_.find(first_iteration_);
  const Generator generator(*decoder_, *tokenizer_, *chat_, settings_.sampling);
  for (const auto& [place, record] : held_records_) {
    try {
      held_[place] = require_held_unit(place, UnitJournal::read(record), generator);
    } catch (const Error& error) {
      log_warning("unit {} of iteration {} in the journal is passed over: {}", place.second,
                  place.first, error.what());
    }
  }
  if (!held_.empty()) log_info("{} units of the journal need not be sampled again", held_.size());
}

// Every rank has to know which units need not be sampled; rank 0 has them.
void TrainingJob::read_journal() {
  if (generator_ && settings_.journal && !journal_.has_folder()) {
    log_warning(
        "rank {}: this host does not see {}: units that it finishes are sampled again where the "
        "job is killed before the next checkpoint",
        world_.rank(), settings_.run.output);
  }
  std::int64_t inputs[] = {inputs_hash_};
  world_.broadcast(inputs, 0);
  inputs_hash_ = inputs[0];
  // Another build may compute other bits: its checkpoint is whole, but of an iteration all units
  // have to be by one.
  journal_.set_inputs(xxh3(fmt::format("{} {}", inputs_hash_, settings_.build)));
  WireWriter out;
  world_.agree_or_throw([&] {
    if (writes_) hold_units_of_journal();
  });
  out.number(held_.size());
  for (const auto& [place, version] : held_) {
    out.number(static_cast<std::uint64_t>(place.first));
    out.number(place.second);
    out.number(version.number);
    out.text(version.hash);
  }
  std::vector<std::byte> bytes = out.take();
  world_.broadcast(&bytes, 0);
  WireReader in(bytes);
  for (std::uint64_t left = in.number(); left > 0; --left) {
    const auto iteration = static_cast<std::int64_t>(in.number());
    const auto unit = static_cast<std::uint32_t>(in.number());
    PolicyVersion& version = held_[{iteration, unit}];
    version.number = in.number();
    version.hash = in.text();
  }
}

// The units of the iteration that the journal holds, which rank 0 sends in their generators' place.
std::set<std::uint32_t> TrainingJob::send_held(std::int64_t iteration) {
  std::set<std::uint32_t> sent;
  while (!held_.empty() && held_.begin()->first.first <= iteration) {
    const auto [place, version] = *held_.begin();
    held_.erase(held_.begin());
    if (place.first < iteration || !(version == version_)) continue;
    sent.insert(place.second);
    if (!writes_) continue;
    std::vector<std::byte> rollouts = UnitJournal::read(held_records_.at(place));
    held_tokens_ += num_sampled_tokens(unpack_rollouts(rollouts));
    conversation_.send_rollouts(iteration, place.second, std::move(rollouts));
  }
  return sent;
}

}  // namespace arf
