// `arf track`: the ARF scorer follows a stream of feedback (paper 3.1.2, 3.2.2).
#include <ATen/Parallel.h>

#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"
#include "data_io/corpus.h"
#include "programs/commands.h"
#include "programs/scorer_report.h"
#include "programs/scorer_run.h"
#include "scoring/feedback_tracker.h"
#include "scoring/rescored_corpus.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

struct TrackCommandSettings {
  RunSettings run;
  std::string corpus, scorer;
  std::vector<std::string> replay_corpora;
  TrackSettings track;
};

void add_track_keys(Options& options, TrackSettings* track) {
  options.add("track.batch", &track->batch, "messages", "Messages (or texts of a replay) a step.");
  options.add("track.passes", &track->passes, "", "How often the stream is gone through.");
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

void add_measures(Json* line, const std::string& group, const std::optional<Measures>& measures) {
  if (!measures || measures->count == 0) return;
  line->update({{group + "/accuracy", measures->accuracy},
                {group + "/loss", measures->loss},
                {group + "/macro_f1", measures->macro_f1},
                {group + "/ece", measures->ece}});
}

Json metrics_line(const FeedbackTracker::Step& step, double seconds) {
  Json line = {
      {"iteration", step.step},          {"messages", step.messages},
      {"replay", step.replay ? 1 : 0},   {step.replay ? "loss/replay" : "loss/feedback", step.loss},
      {"grad_norm", step.gradient_norm}, {"texts/trained", step.trained},
      {"seconds/learn", seconds}};
  if (!step.replay) {
    line.update({{"score/mean", step.score},
                 {"score/label", step.label},
                 {"score/agreement", step.agreement}});
  }
  if (step.moved) line["rescore/moved"] = *step.moved;
  add_measures(&line, "held", step.held);
  add_measures(&line, "static", step.fixed);
  return line;
}

std::vector<ChartPlan> chart_plans() {
  return {
      {"mean score of the messages as they arrive",
       {{"score/mean", "scorer, before it learnt them"}, {"score/label", "their labels"}}},
      {"agreement with the labels",
       {{"score/agreement", "as they arrive"}, {"held/accuracy", "newest held-out messages"}}},
      {"static satisfaction data, held out: what is kept",
       {{"static/accuracy", "accuracy"}, {"static/macro_f1", "macro-F1"}}},
      {"loss", {{"loss/feedback", "feedback"}, {"loss/replay", "replay"}}},
      {"how far re-scoring moved the stored scores", {{"rescore/moved", "mean absolute change"}}},
      {"calibration error", {{"held/ece", "held-out messages"}, {"static/ece", "static texts"}}}};
}

// Before and after, on all held-out messages and static texts.
struct Standing {
  Measures held, fixed;
};

class TrackCommand {
 public:
  TrackCommand(const TrackCommandSettings& settings, const Options& options)
      : settings_(settings),
        threads_(num_workers(settings.run)),
        scorer_(Scorer::load(settings.scorer)),
        tracker_(&scorer_, read_feedback(scorer_, settings.corpus, threads_),
                 read_replay(scorer_, settings, threads_), settings.track, settings.run.seed,
                 threads_),
        before_(standing()),
        run_(settings.run, options, inputs()) {
    if (run_.saved()) {
      tracker_.restore(*run_.saved());
      log_info("going on after step {}, message {}", tracker_.steps_done(),
               tracker_.messages_done());
    }
  }

  ExitCode run() {
    if (!follow()) return run_.stop();
    after_ = standing();
    run_.save_scorer(scorer_);
    digest_ = scorer_digest(run_.path("scorer"));
    corpus_digest_ =
        write_rescored_corpus(settings_.corpus, run_.path("corpus"), tracker_.messages(), digest_);
    note_result();
    write_file_atomically(run_.path("report.html"), report());
    run_.finish(digest_);
    settings_.run.json ? print_json() : print_text();
    return ExitCode::kDone;
  }

 private:
  Standing standing() const {
    return {measure_held(scorer_, tracker_.messages(), SIZE_MAX, threads_),
            measure_scorer(scorer_, tracker_.replay().held, threads_)};
  }

  Json inputs() const {
    Json replayed = Json::array();
    for (const std::string& path : settings_.replay_corpora) {
      replayed.push_back(describe_input_corpus(path));
    }
    return {{"corpus", describe_input_corpus(settings_.corpus)},
            {"replay_corpora", replayed},
            {"scorer",
             {{"path", settings_.scorer},
              {"digest", scorer_digest(settings_.scorer)},
              {"config", sha256_of_file(find_scorer(settings_.scorer) / "config.json")},
              {"tokenizer", sha256_hex(scorer_.tokenizer().json())}}}};
  }

  bool follow() {
    log_info("{} messages, {} of them held out; {} static texts to replay",
             tracker_.messages().size(), before_.held.count, tracker_.replay().training.size());
    Progress progress("track", tracker_.messages_in_all(), "messages");
    std::string numbers;
    while (!tracker_.finished()) {
      const auto start = std::chrono::steady_clock::now();
      const auto step = tracker_.advance();
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      run_.metrics().add(metrics_line(step, seconds.count()));
      if (!step.replay) {
        numbers = fmt::format("score {:+.3f}  labels {:+.3f}  agreement {:.3f}  loss {:.3f}",
                              step.score, step.label, step.agreement, step.loss);
      }
      progress.advance(step.messages, numbers);
      const bool stop = run_.stop_requested() && !tracker_.finished();
      if (stop || step.step % settings_.track.checkpoint_every == 0 || tracker_.finished()) {
        SavedState state;
        tracker_.store(&state);
        run_.write_checkpoint(step.step, std::move(state));
      }
      if (stop) return false;
    }
    return true;
  }

  Json result() const {
    return {{"messages", tracker_.messages_done()},
            {"steps", tracker_.steps_done()},
            {"held", {{"before", to_json(before_.held)}, {"after", to_json(after_.held)}}},
            {"static", {{"before", to_json(before_.fixed)}, {"after", to_json(after_.fixed)}}},
            {"corpus_digest", corpus_digest_}};
  }

  void note_result() {
    const Json all = result();
    for (const auto& [key, value] : all.items()) run_.directory().note(key, value);
  }

  std::string report() const {
    HtmlPage page("ARF scorer",
                  fmt::format("Followed {} messages in {} steps. Held-out messages and static "
                              "texts were never trained on.",
                              tracker_.messages_done(), tracker_.steps_done()));
    std::vector<std::pair<std::string, Measures>> rows = {
        {"held-out messages, before", before_.held}, {"held-out messages, after", after_.held}};
    if (before_.fixed.count > 0) {
      rows.insert(rows.end(),
                  {{"static texts, before", before_.fixed}, {"static texts, after", after_.fixed}});
    }
    page.table(measures_table(rows));
    page.section("The path of the score", "The horizontal axis counts messages.");
    page.figures(charts_of(run_.metrics().lines(), "messages", "messages", chart_plans()));
    add_run_section(&page, read_json(run_.path("manifest.json")),
                    read_file(run_.path("config.ini")));
    return page.html();
  }

  void print_text() const {
    const auto pair = [](const Measures& before, const Measures& after) -> std::string {
      if (after.count == 0) return "no texts, so nothing was measured";
      return fmt::format("accuracy {:.1f} -> {:.1f} %  loss {:.3f} -> {:.3f}  ({} texts)",
                         100 * before.accuracy, 100 * after.accuracy, before.loss, after.loss,
                         after.count);
    };
    std::string text = fmt::format("scorer    {}\ncorpus    {}\nmessages  {} in {} steps\n",
                                   run_.path("scorer").string(), run_.path("corpus").string(),
                                   tracker_.messages_done(), tracker_.steps_done());
    text += fmt::format("held out  {}\n", pair(before_.held, after_.held));
    if (after_.fixed.count > 0)
      text += fmt::format("static    {}\n", pair(before_.fixed, after_.fixed));
    text += fmt::format("digest    {}\n          {} (corpus)\n", digest_, corpus_digest_);
    std::fputs(text.c_str(), stdout);
  }

  void print_json() const {
    Json all = {{"output", settings_.run.output},
                {"scorer", run_.path("scorer").string()},
                {"corpus", run_.path("corpus").string()},
                {"digest", digest_}};
    all.update(result());
    std::printf("%s\n", all.dump().c_str());
  }

  const TrackCommandSettings& settings_;
  int threads_;
  Scorer scorer_;
  FeedbackTracker tracker_;
  Standing before_, after_;
  ScorerRun run_;
  std::string digest_, corpus_digest_;
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
  options.add("track.replay_corpus", &settings.replay_corpora, "",
              "Static satisfaction data to replay; absent: the labelled user's turns of the "
              "stream's corpus.");
  add_track_keys(options, &settings.track);
  add_run_settings(options, &settings.run);
  add_resume_setting(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  at::set_num_threads(1);
  check_track_settings(settings.track);
  check_run_directory(settings.run, options);
  return static_cast<int>(TrackCommand(settings, options).run());
}

}  // namespace arf
