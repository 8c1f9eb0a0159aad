// The schedule of a training run, and what happens between two iterations.
#include "roles/training_job.h"

#include <algorithm>

#include "core/activity.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "exchange/wire.h"
#include "roles/checkpoint.h"
#include "roles/metrics_line.h"
#include "roles/training_result.h"

namespace arf {

void TrainingJob::share(PolicyVersion version, std::vector<float> parameters) {
  const auto span = spans_.scope("sync");
  const PhaseScope phase(Phase::kSync);
  conversation_.share_policy(&version, &parameters, /*has_it=*/learner_.has_value());
  if (generator_) generator_->set_policy(version, parameters);
  version_ = version;
  versions_[version.number] = version;
  const auto kept = static_cast<std::size_t>(staleness_) + 1;
  while (versions_.size() > kept) versions_.erase(versions_.begin());
}

void TrainingJob::share_newest() {
  if (!has_rollouts_) return;  // nobody but the learners needs it
  share(learner_ ? learner_->version() : PolicyVersion{},
        learner_ ? learner_->parameters() : std::vector<float>{});
}

// Of a run that goes on: a policy before the newest. Of a fresh one they are all policy 0.
void TrainingJob::share_older(std::int64_t number) {
  if (number >= first_iteration_ || first_iteration_ == 0) return share_newest();
  PolicyVersion version;
  std::vector<float> parameters;
  if (learner_) {
    const auto oldest = first_iteration_ - static_cast<std::int64_t>(older_.size());
    parameters = older_.at(static_cast<std::size_t>(std::max(number, std::int64_t{0}) - oldest));
    version = {static_cast<std::uint64_t>(std::max(number, std::int64_t{0})), hash_of(parameters)};
  }
  share(version, parameters);
}

void TrainingJob::prepare(std::int64_t iteration) {
  if (!has_rollouts_ || iteration >= settings_.iterations) return;
  const IterationScope worked_on(iteration);
  if (feed_) {
    const auto span = spans_.scope("feed");
    feed_->take(iteration);
  }
  const std::set<std::uint32_t> held = send_held(iteration);
  if (generator_) generator_->run(iteration, held);
  if (scorer_) scorer_->run(iteration, feed_ ? feed_->version() : ScorerVersion{});
}

void TrainingJob::learn(std::int64_t iteration) {
  if (!learner_) return;
  const auto stale = static_cast<std::uint64_t>(std::max<std::int64_t>(0, iteration - staleness_));
  const PolicyVersion expected = has_rollouts_ ? versions_.at(stale) : learner_->version();
  if (staleness_ > 0) older_.push_back(learner_->parameters());
  update_ =
      learner_->run(iteration, expected, older_.empty() ? learner_->parameters() : older_.front(),
                    feed_ ? feed_->messages_of(iteration) : 0);
  while (older_.size() > static_cast<std::size_t>(staleness_)) older_.pop_front();
}

ExitCode TrainingJob::run() {
  const int k = staleness_;
  for (std::int64_t j = first_iteration_; has_rollouts_ && j < first_iteration_ + k; ++j) {
    share_older(j - k);
    prepare(j);
    // Of a resumed run, the lines of the iterations before have counted these.
    if (first_iteration_ > 0) take_num_tokens();
  }
  share_newest();
  for (std::int64_t i = first_iteration_; i < settings_.iterations; ++i) {
    const std::int64_t begin_us = spans_.now_us();
    note_iteration(i);
    prepare(i + k);
    learn(i);
    share_newest();
    spans_.add("iteration", begin_us, spans_.now_us() - begin_us);
    if (end_iteration(i)) return ExitCode::kStopped;
  }
  world_.finish_sends();
  world_.agree_or_throw([&] { finish(); });
  return ExitCode::kDone;
}

double TrainingJob::take_num_tokens() {
  return std::exchange(held_tokens_, 0.0) + (generator_ ? generator_->take_num_tokens() : 0.0);
}

bool TrainingJob::end_iteration(std::int64_t iteration) {
  RankReport mine;
  mine.tokens_generated = take_num_tokens();
  for (const char* name : {"generate", "score", "learn", "sync", "wait", "iteration"}) {
    mine.seconds[name] = spans_.seconds(name);
  }
  mine.seconds["learn"] -= std::min(mine.seconds["learn"], mine.seconds["sync"]);
  mine.spans = spans_to_text(spans_.take());
  mine.stop_wanted = stop_wanted();
  if (learner_) mine.units = learner_->trail();
  if (feed_) mine.feed = feed_->report();
  const auto reports = conversation_.gather_reports(mine);
  const bool stop = conversation_.rank_0_says(std::any_of(
      reports.begin(), reports.end(), [](const RankReport& report) { return report.stop_wanted; }));
  const std::int64_t next = iteration + 1;
  const bool last = next == settings_.iterations;
  if (writes_) {
    log_iteration(iteration, reports);
    checkpoint_writer_.look();
  }
  // Of all ranks, before one writes what has come of other weights.
  world_.agree_or_throw([&] {
    if (weights_) weights_->require_unwritten();
  });
  if (stop || last || next % settings_.checkpoint_every == 0) {
    if (feed_) feed_->gather_state(next);
    world_.agree_or_throw([&] {
      if (!writes_) return;
      const PhaseScope phase(Phase::kCheckpoint);
      write_checkpoint(next);
      if (stop || last) checkpoint_writer_.wait();
    });
  }
  if (!stop || last) return false;
  log_info("stopped on request after iteration {} of {}; the same command goes on from here", next,
           settings_.iterations);
  // Rollouts of the next iterations are under way; the run that goes on has them in its journal.
  const std::int64_t in_flight = std::min<std::int64_t>(next + staleness_, settings_.iterations);
  for (std::int64_t i = next; learner_ && has_rollouts_ && i < in_flight; ++i) {
    learner_->leave_out_rollouts(i);
  }
  world_.finish_sends();
  if (writes_) directory_->finish(static_cast<int>(ExitCode::kStopped));
  return true;
}

void TrainingJob::log_iteration(std::int64_t iteration, const std::vector<RankReport>& reports) {
  const PhaseScope phase(Phase::kRecord);
  directory_->require_in_place();
  for (const RankReport& report : reports) log_->add_spans(spans_from_text(report.spans));
  Json line =
      metrics_line(iteration, settings_.method.name, *update_, learner_->version().number, reports,
                   /*has_kl=*/learner_->policy().adapter() != nullptr);
  if (feed_) feed_->add_numbers(reports, iteration, &line);
  for (const std::string& alarm : alarms_->look(line)) log_warning("{}", alarm);
  line["alarms"] = alarms_->active();
  log_->add(line, progress_numbers(line));
  TrailLine trail{iteration, {}, learner_->tensor_hashes()};
  for (const RankReport& report : reports)
    trail.units.insert(report.units.begin(), report.units.end());
  if (feed_) trail.tensors["scorer"] = learner_->scorer().hash;
  log_->add_trail(trail);
}

// Only the copying of the state is waited for.
void TrainingJob::write_checkpoint(std::int64_t next_iteration) {
  SavedState state = saved_state({next_iteration,
                                  learner_->parameters(),
                                  {older_.begin(), older_.end()},
                                  learner_->adamw(),
                                  log_->position()});
  state.numbers["inputs"] = inputs_hash_;
  if (feed_) feed_->store(&state);
  // The files' ends that the checkpoint names have to be on the disk before it is.
  auto write = [this, next_iteration, state = std::move(state), spans = log_->spans()] {
    directory_->require_in_place();
    log_->sync();
    checkpoints_->write(next_iteration, state);
    journal_.forget(next_iteration);
    log_->write_trace(spans);
  };
  checkpoint_writer_.start(std::move(write));
}

// Null where the report has no rewards.
const Scorer* TrainingJob::scorer_of_report() const {
  if (scorer_) return &scorer_->scorer();
  return report_scorer_ ? &*report_scorer_ : nullptr;
}

void TrainingJob::finish() {
  if (!writes_) return;
  const PhaseScope phase(Phase::kFinish);
  directory_->require_in_place();
  if (feed_) {
    feed_->save_scorer(scorer_ ? &scorer_->scorer() : &*report_scorer_,
                       directory_->path() / "scorer");
  }
  write_result(settings_, *tokenizer_, *chat_, *decoder_, learner_->policy(), *data_,
               scorer_of_report(), *log_, &*directory_);
  journal_.remove();
  directory_->finish(0);
}

}  // namespace arf
