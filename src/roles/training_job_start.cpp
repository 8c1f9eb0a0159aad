// How a training run begins: directory, inputs, roles, checkpoint.
#include "core/activity.h"
#include "core/file.h"
#include "core/file_stamps.h"
#include "core/hash.h"
#include "core/log.h"
#include "exchange/wire.h"
#include "guard/failures.h"
#include "model/ops/arithmetic.h"
#include "roles/alike_ranks.h"
#include "roles/checkpoint.h"
#include "roles/training_job.h"
#include "roles/training_result.h"
#include "scoring/scorer_files.h"

namespace arf {

TrainingJob::TrainingJob(const TrainSettings& settings, const Options& options, Communicator& world,
                         UnitCounter* counter)
    : settings_(settings),
      world_(world),
      layout_(world.size(), settings.roles),
      learners_(world.split(layout_.learns(world.rank()) ? 0 : -1)),
      conversation_(world, layout_),
      spans_(world.rank()),
      num_threads_(threads_of_rank(settings.run.threads, world)),
      writes_(world.rank() == 0),
      counter_(counter),
      journal_(std::filesystem::path(settings.run.output) / "journal", world.rank()),
      has_rollouts_(make_method(settings.method)->needs_rollouts()),
      staleness_(has_rollouts_ ? settings.staleness : 0) {
  const int rank = world_.rank();
  activity().roles = (layout_.generates(rank) ? kGeneratorRole : 0) |
                     (layout_.scores(rank) ? kScorerRole : 0) |
                     (layout_.learns(rank) ? kLearnerRole : 0);
  const PhaseScope phase(Phase::kLoad);
  world_.agree_or_throw([&] { check_directory(options); });
  if (settings.feed.on()) feed_.emplace(settings, world_, layout_, conversation_, num_threads_);
  std::optional<FileStamps> read;
  world_.agree_or_throw([&] {
    read.emplace(input_files());
    load();
  });
  take_roles();
  Json inputs;
  world_.agree_or_throw([&] {
    inputs = describe_inputs();
    read->require_unchanged();
  });
  require_same_inputs(world_, inputs);
  world_.agree_or_throw([&] { open_directory(options, inputs); });
  restore();
  if (has_rollouts_) read_journal();
}

void TrainingJob::check_directory(const Options& options) {
  if (!writes_) return;
  RunDirectory::check(settings_.run.output, "train", options.resolved(true), settings_.run.resume);
}

// Those of describe_inputs() that are opened once more for their hashes.
std::vector<std::filesystem::path> TrainingJob::input_files() const {
  const int rank = world_.rank();
  std::vector<std::filesystem::path> files;
  if (writes_ || (has_rollouts_ && layout_.scores(rank))) files = scorer_files(settings_.scorer);
  if (layout_.learns(rank) || layout_.generates(rank)) {
    const auto of_model = model_files(settings_.model);
    files.insert(files.end(), of_model.begin(), of_model.end());
  }
  if (feed_) {
    const auto of_feed = feed_->input_files();
    files.insert(files.end(), of_feed.begin(), of_feed.end());
  }
  return files;
}

// Of what this rank reads. Rank 0 reads a scorer in any case, for the report.
Json TrainingJob::describe_inputs() const {
  Json inputs = writes_ || scorer_ ? scorer_hashes(settings_.scorer) : Json::object();
  if (data_) {
    inputs.update(model_hashes(settings_.model, *tokenizer_));
    inputs["end_tokens"] = settings_.sampling.end_tokens;
    inputs["corpora"] = data_->corpora();
  }
  if (feed_) feed_->describe_inputs(&inputs);
  return inputs;
}

// Only now, so that an input that cannot be read leaves no directory behind.
void TrainingJob::open_directory(const Options& options, const Json& inputs) {
  if (!writes_) return;
  directory_.emplace(settings_.run.output, "train", options.resolved(), options.resolved(true),
                     settings_.run.resume);
  checkpoints_.emplace(directory_->path() / "checkpoints");
  if (has_rollouts_) make_directories(directory_->path() / "journal");
  if (feed_) feed_->open(directory_->path());
  const LeftOut& left_out = data_->left_out();
  refuse_other_inputs({{"inputs", inputs},
                       {"configuration", options.resolved(true)},
                       {"arithmetic", ops::arithmetic()}});
  refuse_failing_unit();
  directory_->note("left_out", {{"cut", left_out.cut},
                                {"too_long", left_out.too_long},
                                {"without_use", left_out.without_use}});
  Json hashes = inputs;
  for (const char* key : {"corpora", "end_tokens"}) {
    directory_->note(key, inputs.at(key));
    hashes.erase(key);
  }
  directory_->note("inputs", hashes);
  directory_->note("seed", settings_.run.seed);
  directory_->note("arithmetic", ops::arithmetic());
  directory_->note(
      "layout", {{"ranks", world_.size()}, {"threads", num_threads_}, {"roles", layout_.text()}});
}

// A run that goes on with other inputs would end where no undisturbed run ends.
void TrainingJob::refuse_other_inputs(const Json& inputs) {
  inputs_hash_ = static_cast<std::int64_t>(xxh3(inputs.dump()));
  saved_ = checkpoints_->newest();
  if (saved_) saved_->require_inputs(inputs_hash_);
}

void TrainingJob::refuse_failing_unit() {
  const std::filesystem::path file = directory_->path() / kFailuresFile;
  const auto failed = failed_twice(file, static_cast<std::uint64_t>(inputs_hash_));
  if (!failed || failed->iteration >= settings_.iterations) return;  // a line of another run
  std::vector<std::string> ids;
  for (const std::int64_t unit : failed->units) {
    for (const auto& member : data_->unit(failed->iteration, static_cast<std::uint32_t>(unit))) {
      ids.push_back(member.dialogue->id);
    }
  }
  if (ids.empty()) return;  // a line of another run
  const char* const them = ids.size() == 1 ? "it" : "them";
  input_error(
      "{}{} of iteration {} {} this job twice in a row (while {}): dialogue {}; look at {}. "
      "To try once more, remove {}; to leave {} out, take {} from the corpus and begin a new run "
      "in another --output, as this one goes on with its own corpus only",
      failed->units.size() > 1 ? "one of " : "", units_text(failed->units), failed->iteration,
      failed->is_known ? "ended" : "seems to have ended", failed->phase, fmt::join(ids, ", "), them,
      file.string(), them, them);
}

void TrainingJob::load() {
  const int rank = world_.rank();
  if (!layout_.learns(rank) && !layout_.generates(rank)) return;  // a scorer alone
  tokenizer_.emplace(load_model_tokenizer(settings_.model));
  chat_.emplace(*tokenizer_, settings_.model.chat);
  if (!settings_.model.random_weights) weights_.emplace(settings_.model.path);
  decoder_.emplace(load_decoder(settings_.model, settings_.run.seed, &*tokenizer_));
  const std::int64_t most = decoder_->config().max_positions,
                     wanted = settings_.sampling.max_context;
  data_.emplace(settings_, *chat_, wanted > 0 ? std::min<std::int64_t>(wanted, most) : most);
  const LeftOut& left_out = data_->left_out();
  log_info("{} rows to learn from; {} cut to the context, {} too long for it, {} of no use to {}",
           data_->rows(), left_out.cut, left_out.too_long, left_out.without_use,
           settings_.method.name);
}

void TrainingJob::take_roles() {
  const int rank = world_.rank();
  world_.agree_or_throw([&] {
    if (layout_.learns(rank)) {
      learner_.emplace(settings_, *decoder_, &*data_, &conversation_, learners_, &spans_,
                       num_threads_);
    }
    if (has_rollouts_ && layout_.generates(rank)) {
      generator_.emplace(settings_, *tokenizer_, *chat_, *decoder_, &*data_, &conversation_,
                         counter_, settings_.journal ? &journal_ : nullptr,
                         weights_ ? &*weights_ : nullptr, &spans_, num_threads_);
    }
    if (has_rollouts_ && layout_.scores(rank)) {
      scorer_.emplace(settings_, &conversation_, &spans_, num_threads_);
    }
    // Now, not at the end: the folder may be another's by then.
    const bool is_wanted = settings_.report_samples > 0 || feed_;
    if (writes_ && !scorer_ && !settings_.scorer.empty() && is_wanted) {
      report_scorer_ = Scorer::load(settings_.scorer);
    }
    if (feed_) feed_->load(scorer_ ? &scorer_->scorer() : nullptr);
  });
  if (!has_rollouts_ && layout_.learners().size() < static_cast<std::size_t>(world_.size())) {
    log_warning("{} samples no replies: only the ranks that learn have work ({})",
                settings_.method.name, layout_.text());
  }
  log_info("{} on {} rank{}: {}; {} thread{} a rank", settings_.method.name, world_.size(),
           world_.size() == 1 ? "" : "s", layout_.text(), num_threads_,
           num_threads_ == 1 ? "" : "s");
}

// Rank 0 reads the checkpoint; the learners get it over the network, so that no other rank needs
// to see the same file system.
void TrainingJob::restore() {
  TrainingState state;
  world_.agree_or_throw([&] {
    if (!writes_ || !saved_) return;
    state = read_training_state(*saved_, learner_->parameters().size(), staleness_);
    log_info("going on after iteration {} of {}", state.next_iteration, settings_.iterations);
  });
  std::int64_t first[] = {state.next_iteration};
  world_.broadcast(first, 0);
  first_iteration_ = first[0];
  if (learner_ && first_iteration_ > 0) {
    share_training_state(learners_, learner_->parameters().size(), settings_.adamw, &state);
    learner_->restore(static_cast<std::uint64_t>(first_iteration_), state.parameters, state.adamw);
    older_ = {state.older.begin(), state.older.end()};
  }
  if (feed_) feed_->restore(saved_ ? &*saved_ : nullptr, first_iteration_);
  saved_.reset();
  world_.agree_or_throw([&] {
    if (!writes_) return;
    log_.emplace(directory_->path(), state.log, first_iteration_, settings_.iterations);
    alarms_.emplace(settings_.alarms, log_->metrics());
  });
}

}  // namespace arf
