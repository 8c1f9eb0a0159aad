// `arf track`: the ARF scorer follows a stream of feedback (paper 3.1.2, 3.2.2), on one rank or
// under mpirun.
#include <chrono>
#include <map>
#include <optional>

#include "core/activity.h"
#include "core/file.h"
#include "core/file_stamps.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "programs/commands.h"
#include "programs/guarded_ranks.h"
#include "programs/scorer_run.h"
#include "programs/track_report.h"
#include "roles/alike_ranks.h"
#include "scoring/feedback_tracker.h"
#include "scoring/probes.h"
#include "scoring/rescored_corpus.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

struct TrackCommandSettings {
  RunSettings run;
  Deadlines deadlines;
  std::string corpus, scorer;
  std::vector<std::string> replay_corpora, probe_corpora;
  std::uint64_t probe_texts = 200;
  TrackSettings track;
};

void add_track_keys(Options& options, TrackSettings* track) {
  options.add("track.batch", &track->batch, "messages", "Messages (or texts of a replay) a step.");
  options.add("track.passes", &track->passes, "", "How often the stream is gone through.");
  options.add("track.steps", &track->steps, "steps",
              "End after so many, replays counted; 0: with the stream.");
  options.at_least("track.steps", 0);
  options.add("track.replay_ratio", &track->replay_ratio, "",
              "ER_ratio: probability that a step trains on static satisfaction data, while the "
              "stream waits.");
  options.add("track.rescore_every", &track->rescore_every, "messages",
              "Between re-scorings of all stored scores that have arrived (eq. 13, 14), and once "
              "at the end; 0: never.");
  options.add("track.s_sig", &track->s_sig, "", "Steepness of eq. 13; the paper: 4 to 8.");
  options.add("track.evaluate_every", &track->evaluate_every, "messages",
              "Between evaluations on held-out messages and static texts; 0: at the end only.");
  options.add("track.evaluate_texts", &track->evaluate_texts, "texts",
              "Newest held-out messages, and static texts, of an evaluation.");
  options.add("track.checkpoint_every", &track->checkpoint_every, "steps", "Between checkpoints.");
  options.mark_no_effect_on_result("track.checkpoint_every");
  options.add("train.learning_rate", &track->learning_rate, "",
              "Constant; the paper's 1e-6 is for a pretrained encoder and thousands of steps.");
  options.add("train.weight_decay", &track->weight_decay, "", "AdamW's decoupled decay.");
  options.add("train.clip", &track->clip, "", "Largest norm of the gradient; 0: any.");
}

// Static satisfaction data: the corpora that were named, or the labelled user's turns of the
// stream's own. Absent ones are an error only where they are needed.
ReplayData read_replay(const Scorer& scorer, const TrackCommandSettings& settings, int threads) {
  if (settings.replay_corpora.empty() && settings.track.replay_ratio == 0) return {};
  const std::vector<std::string> own = {settings.corpus};
  ExampleSet set =
      settings.replay_corpora.empty()
          ? read_labelled_texts(scorer, own, threads,
                                "name a labelled set to replay by --track.replay_corpus, or none "
                                "by --track.replay_ratio 0")
          : read_labelled_texts(scorer, settings.replay_corpora, threads);
  ReplayData replay{std::move(set.training), std::move(set.test)};
  replay.held.insert(replay.held.end(), set.validation.begin(), set.validation.end());
  return replay;
}

class TrackCommand {
 public:
  // Collective over the ranks, as is run().
  TrackCommand(const TrackCommandSettings& settings, const Options& options, GuardedRank& rank)
      : settings_(settings),
        world_(rank.world),
        workers_(threads_of_rank(settings.run.threads, world_), &world_),
        writes_(world_.rank() == 0) {
    const PhaseScope phase(Phase::kLoad);
    activity().roles = kScorerRole;
    world_.agree_or_throw([&] {
      if (writes_) check_run_directory(settings_.run, options);
    });
    std::optional<FileStamps> read;
    world_.agree_or_throw([&] {
      read.emplace(input_files());
      load();
    });
    Json hashes;
    world_.agree_or_throw([&] {
      hashes = inputs();
      corpus_digest_ = hashes.at("corpus").at("digest");
      read->require_unchanged();
    });
    require_same_inputs(world_, hashes);  // before ranks share work
    result_.before = standing();
    world_.agree_or_throw([&] {
      if (writes_) run_.emplace(settings_.run, options, hashes, workers_);
    });
    restore();
  }

  ExitCode run() {
    if (!follow()) {
      world_.agree_or_throw([&] {
        if (writes_) run_->stop();
      });
      return ExitCode::kStopped;
    }
    result_.after = standing();
    world_.agree_or_throw([&] {
      if (writes_) finish();
    });
    return ExitCode::kDone;
  }

 private:
  void load() {
    scorer_.emplace(Scorer::load(settings_.scorer));
    probes_ =
        read_probes(*scorer_, settings_.probe_corpora, settings_.probe_texts, workers_.threads);
    tracker_.emplace(&*scorer_, read_feedback(*scorer_, settings_.corpus, workers_.threads),
                     read_replay(*scorer_, settings_, workers_.threads), settings_.track,
                     settings_.run.seed, workers_);
  }

  TrackStanding standing() const {
    return {measure_held(*scorer_, tracker_->messages(), SIZE_MAX, workers_),
            measure_scorer(*scorer_, tracker_->replay().held, workers_), probe_rewards()};
  }

  std::map<std::string, double> probe_rewards() const {
    std::map<std::string, double> rewards;
    for (const Probe& probe : probes_) rewards[probe.name] = mean_reward(*scorer_, probe, workers_);
    return rewards;
  }

  std::vector<std::filesystem::path> input_files() const {
    auto files = scorer_files(settings_.scorer);
    auto corpora = corpus_parts(settings_.replay_corpora);
    corpora.push_back({settings_.corpus, {}});
    for (const std::string& word : settings_.probe_corpora) {
      corpora.push_back({probe_path(word), {}});
    }
    for (const CorpusPart& part : corpora) {
      files.push_back(std::filesystem::path(part.path) / "index.json");
    }
    return files;
  }

  Json inputs() const {
    Json replayed = Json::array();
    for (const std::string& path : settings_.replay_corpora) {
      replayed.push_back(describe_input_corpus(path));
    }
    Json probed = Json::array();
    for (const std::string& word : settings_.probe_corpora) {
      probed.push_back(describe_input_corpus(probe_path(word)));
    }
    return {{"corpus", describe_input_corpus(settings_.corpus)},
            {"replay_corpora", replayed},
            {"probe_corpora", probed},
            {"scorer",
             {{"path", settings_.scorer},
              {"digest", scorer_digest(settings_.scorer)},
              {"config", sha256_of_file(find_scorer(settings_.scorer) / "config.json")},
              {"tokenizer", sha256_hex(scorer_->tokenizer().json())}}}};
  }

  // Rank 0 reads the checkpoint and gives it to the others.
  void restore() {
    std::optional<SavedState> saved = writes_ ? run_->saved() : std::nullopt;
    if (!share_state(world_, &saved)) return;
    world_.agree_or_throw([&] { tracker_->restore(*saved); });
    log_info("going on after step {}, message {}", tracker_->steps_done(),
             tracker_->messages_done());
  }

  bool follow() {
    log_info("{} messages, {} of them held out; {} static texts to replay",
             tracker_->messages().size(), result_.before.held.count,
             tracker_->replay().training.size());
    Progress progress("track", tracker_->messages_in_all(), "messages");
    std::string numbers;
    while (!tracker_->finished()) {
      note_iteration(tracker_->steps_done());
      const auto start = std::chrono::steady_clock::now();
      const FeedbackTracker::Step step = [&] {
        const PhaseScope phase(Phase::kLearn);
        return tracker_->advance();
      }();
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      std::map<std::string, double> probed;  // when the held-out messages are looked at
      if (step.held) probed = probe_rewards();
      if (writes_) {
        const PhaseScope phase(Phase::kRecord);
        run_->look_at_checkpoint();
        run_->metrics().add(track_metrics_line(step, probed, seconds.count()));
      }
      if (!step.replay) {
        numbers = fmt::format("score {:+.3f}  labels {:+.3f}  agreement {:.3f}  loss {:.3f}",
                              step.score, step.label, step.agreement, step.loss);
      }
      progress.advance(step.messages, numbers);
      if (end_step(step.step)) return false;
    }
    return true;
  }

  // True: stop here.
  bool end_step(std::int64_t step) {
    double wanted[] = {stop_wanted() ? 1.0 : 0.0};
    if (workers_.size() > 1) world_.max(wanted);
    const bool stop = wanted[0] > 0 && !tracker_->finished();
    if (!stop && step % settings_.track.checkpoint_every != 0 && !tracker_->finished())
      return false;
    const PhaseScope phase(Phase::kCheckpoint);
    SavedState state;
    tracker_->store(&state);
    world_.agree_or_throw([&] {
      if (writes_) run_->write_checkpoint(step, std::move(state));
    });
    return stop;
  }

  void finish() {
    const PhaseScope phase(Phase::kFinish);
    run_->save_scorer(*scorer_);
    result_.messages = tracker_->messages_done();
    result_.steps = tracker_->steps_done();
    result_.digest = scorer_digest(run_->path("scorer"));
    result_.corpus_digest =
        write_rescored_corpus(settings_.corpus, corpus_digest_, run_->path("corpus"),
                              tracker_->messages(), result_.digest);
    const Json all = to_json(result_);
    for (const auto& [key, value] : all.items()) run_->directory().note(key, value);
    write_file_atomically(run_->path("report.html"), track_report(*run_, result_));
    run_->finish(result_.digest);
    print_track_result(*run_, result_, settings_.run.json);
  }

  const TrackCommandSettings& settings_;
  const Communicator& world_;
  Workers workers_;
  bool writes_;  // rank 0
  std::optional<Scorer> scorer_;
  std::optional<FeedbackTracker> tracker_;
  std::vector<Probe> probes_;
  std::string corpus_digest_;
  std::optional<ScorerRun> run_;  // rank 0's
  TrackResult result_;
};

}  // namespace

int run_track(const Arguments& arguments) {
  TrackCommandSettings settings;
  Options options("track", "The ARF scorer follows a stream of feedback.");
  options.add(
      "corpus.path", &settings.corpus, "",
      "The feedback stream, in order: responses with a satisfaction, as `arf label` gives.");
  options.require("corpus.path");
  options.add("scorer.path", &settings.scorer, "",
              "The scorer to start from: the static one, or an ARF scorer to go on with.");
  options.require("scorer.path");
  options.add("track.probe_corpus", &settings.probe_corpora, "",
              "Responses that are only scored, NAME=DIR each: the path of their mean reward.");
  options.add("track.probe_texts", &settings.probe_texts, "texts",
              "The first responses of a probe's corpus, so many.");
  options.at_least("track.probe_texts", 1);
  options.add("track.replay_corpus", &settings.replay_corpora, "",
              "Static satisfaction data to replay; absent: the labelled user's turns of the "
              "stream's corpus.");
  add_track_keys(options, &settings.track);
  add_run_settings(options, &settings.run);
  add_resume_setting(options, &settings.run);
  add_deadline_keys(options, &settings.deadlines);
  options.require("output");
  return run_guarded(arguments, &options, settings.run, settings.deadlines, [&](GuardedRank& rank) {
    rank.world.agree_or_throw([&] { check_track_settings(settings.track); });
    TrackCommand command(settings, options, rank);
    return saying_errors([&] { return command.run(); });
  });
}

}  // namespace arf
