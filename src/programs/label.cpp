// `arf label`: every response gets the satisfaction that the user's next turn expresses, as the
// static scorer reads it: the soft label C_static of the ARF scorer (paper 3.1); or the ARF
// scorer's own opinion. On one rank or under mpirun.
#include "core/file.h"
#include "core/file_stamps.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "data_io/shard_file.h"
#include "model/ops/arithmetic.h"
#include "programs/commands.h"
#include "programs/guarded_ranks.h"
#include "programs/label_report.h"
#include "programs/piece_hand_out.h"
#include "programs/scorer_run.h"
#include "roles/alike_ranks.h"
#include "scoring/label_job.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

struct LabelSettings {
  RunSettings run;
  Deadlines deadlines;
  std::string corpus, scorer, previous;
  std::string from = "follow_up";
  double s_sig = 0;
};

class LabelCommand {
 public:
  // Collective over the ranks, as is run().
  LabelCommand(const LabelSettings& settings, const Options& options, GuardedRank& rank)
      : settings_(settings),
        options_(options),
        rank_(rank),
        world_(rank.world),
        writes_(rank.world.rank() == 0),
        threads_(threads_of_rank(settings.run.threads, rank.world)) {
    const PhaseScope phase(Phase::kLoad);
    activity().roles = kScorerRole;
    world_.agree_or_throw([&] {
      if (writes_) check_run_directory(settings_.run, options_);
    });
    std::optional<FileStamps> read;
    world_.agree_or_throw([&] {
      read.emplace(input_files());
      load();
    });
    require_same_inputs(world_, inputs_);  // before ranks share work
    check_corpora();
    world_.agree_or_throw([&] {
      read->require_unchanged();
      if (writes_) open();
    });
    world_.agree_or_throw([&] { require_shared_output(); });
  }

  ExitCode run() {
    std::int64_t is_written[] = {writes_ && is_corpus(settings_.run.output)};  // then killed
    world_.broadcast(is_written, 0);
    if (!is_written[0]) {
      if (!score()) return stop();
      write();
    }
    world_.agree_or_throw([&] {
      if (writes_) finish();
    });
    return ExitCode::kDone;
  }

 private:
  fs::path output() const { return settings_.run.output; }

  std::vector<fs::path> input_files() const {
    auto files = scorer_files(settings_.scorer);
    files.push_back(fs::path(settings_.corpus) / "index.json");
    if (!settings_.previous.empty()) files.push_back(fs::path(settings_.previous) / "index.json");
    return files;
  }

  void load() {
    scorer_.emplace(Scorer::load(settings_.scorer));
    CorpusReader source(settings_.corpus);
    labelled_by_ = {{"scorer", settings_.scorer},
                    {"digest", scorer_digest(settings_.scorer)},
                    {"config", sha256_of_file(find_scorer(settings_.scorer) / "config.json")},
                    {"tokenizer", sha256_hex(scorer_->tokenizer().json())},
                    {"arithmetic", ops::arithmetic()},
                    {"from", settings_.from},
                    {"s_sig", settings_.s_sig},
                    {"corpus_digest", source.index().at("digest")}};
    std::optional<PreviousLabels> previous;
    if (!settings_.previous.empty()) previous.emplace(settings_.previous, labelled_by_);
    inputs_ = {{"corpus", labelled_by_["corpus_digest"]}, {"labelled_by", labelled_by_}};
    if (previous) inputs_["previous"] = previous->corpus().index().at("digest");
    const LabelSource from =
        settings_.from == "response" ? LabelSource::kResponse : LabelSource::kFollowUp;
    job_.emplace(std::move(source), std::move(previous), from, settings_.s_sig);
    const Json decisive = {
        {"inputs", inputs_}, {"configuration", options_.resolved(true)}, {"format", kCorpusFormat}};
    inputs_hash_ = xxh3(decisive.dump());
    scores_.emplace(output() / "scores", inputs_hash_);
  }

  // That the rows are those of the indices, and the previous corpus's those of the source.
  void check_corpora() {
    const auto& previous = job_->previous();
    const std::uint64_t known = previous ? previous->corpus().rows() : 0;
    const std::string of_known = check_digest(&world_, settings_.corpus, job_->source(), known);
    if (!previous) return;
    world_.agree_or_throw([&] {
      if (writes_) previous->require_made_of(settings_.corpus, job_->source().rows(), of_known);
    });
    check_digest(&world_, settings_.previous, previous->corpus());
    if (previous->has_our_scores()) {
      log_info("{}: the scores of its {} rows are taken over", settings_.previous, known);
      if (!previous->is_of_other_arithmetic()) return;
      log_warning(
          "{}: was scored on another kind of processor, whose scores may differ in their last bits",
          settings_.previous);
      return;
    }
    log_warning("{}: its rows were scored {}; all are scored again, and its scores become history",
                settings_.previous, previous->difference());
  }

  // What an earlier start of the run in the output noted; null: there was none.
  Json noted_before() const {
    const fs::path manifest = output() / "manifest.json";
    return fs::exists(manifest) ? read_json(manifest).value("inputs_hash", Json()) : Json();
  }

  void open() {
    const Json before = noted_before();
    run_.emplace(settings_.run.output, options_.command(), options_.resolved(),
                 options_.resolved(true), settings_.run.resume);
    const std::string hash = fmt::format("{:016x}", inputs_hash_);
    if (run_->resumed() && !before.is_null() && before != hash) {
      input_error(
          "--output {}: holds an unfinished run that was made from other inputs (corpus, scorer, "
          "previous corpus) or on another kind of processor; bring them back, name another "
          "--output, "
          "or remove the folder",
          settings_.run.output);
    }
    run_->note("inputs_hash", hash);
    run_->note("inputs", inputs_);
    run_->note("layout", {{"ranks", world_.size()}, {"threads", threads_}});
    make_directories(output() / "scores");
  }

  void require_shared_output() const {
    if (fs::exists(output() / "manifest.json")) return;
    resource_error(
        "--output {}: rank 0 has made it, and it is not there on this host; name a folder of a "
        "file "
        "system that all ranks share",
        settings_.run.output);
  }

  // Which pieces have been scored, as rank 0 finds them: a character each.
  std::string share_done() {
    std::string done(job_->pieces().count(), '0');
    world_.agree_or_throw([&] {
      if (!writes_) return;
      const std::vector<bool> present = scores_->present(done.size());
      for (std::size_t i = 0; i < done.size(); ++i) {
        if (!present[i]) continue;
        note_progress();
        if (scores_->read(i)) {
          done[i] = '1';
        } else {
          log_warning("{}/scores/{}: is damaged; its rows are scored again", settings_.run.output,
                      i);
          fs::remove(output() / "scores" / std::to_string(i));
        }
      }
    });
    world_.broadcast(&done, 0);
    return done;
  }

  // False: stopped on request, with pieces left.
  bool score() {
    const std::string done = share_done();
    std::vector<std::uint64_t> left;
    for (std::uint64_t i = 0; i < done.size(); ++i) {
      if (done[i] == '0') left.push_back(i);
    }
    if (left.size() < done.size()) {
      log_info("going on after {} of {} pieces", done.size() - left.size(), done.size());
    }
    PieceHandOut hand_out(std::move(left), rank_);
    PieceProgress progress(job_->pieces(), *scores_);
    double left_out = 0;
    while (const auto piece = hand_out.next()) {
      if (stop_wanted()) {
        left_out = 1 + static_cast<double>(hand_out.withdraw());
        break;
      }
      score_piece(*piece);
      if (writes_) progress.look();
    }
    std::span<double> most(&left_out, 1);
    world_.max(most);
    if (writes_ && left_out == 0) progress.finish();
    return left_out == 0;
  }

  void score_piece(std::uint64_t piece) {
    note_iteration(static_cast<std::int64_t>(piece));
    const PhaseScope phase(Phase::kScore);
    const auto scores = job_->score(*scorer_, piece, threads_);
    if (writes_) run_->require_in_place();
    scores_->write(piece, scores);
  }

  ExitCode stop() {
    world_.agree_or_throw([&] {
      if (writes_) run_->finish(static_cast<int>(ExitCode::kStopped));
    });
    log_info("stopped on request; the same command goes on with the rows that are left");
    return ExitCode::kStopped;
  }

  void write() {
    const PhaseScope phase(Phase::kFinish);
    LabelJob::Result result = job_->write(&world_, *scores_, output());
    world_.agree_or_throw([&] {
      if (!writes_) return;
      run_->require_in_place();
      labelled_by_["counts"] = to_json(result.counts);
      const auto& previous = job_->previous();
      if (previous) {
        labelled_by_["previous"] = {{"path", settings_.previous},
                                    {"digest", previous->corpus().index().at("digest")}};
      }
      write_corpus_index(output(), result.rows, result.digest, result.shards,
                         {{"labelled_by", labelled_by_}});
    });
  }

  // Behind index.json.
  void finish() {
    const PhaseScope phase(Phase::kFinish);
    scores_->remove();
    const Json index = CorpusReader(output()).index();
    run_->note("digest", index.at("digest"));
    run_->finish(0);
    print_labels(settings_.run, settings_.corpus, settings_.from, index);
  }

  const LabelSettings& settings_;
  const Options& options_;
  GuardedRank& rank_;
  Communicator& world_;
  bool writes_;  // rank 0
  int threads_;
  std::optional<Scorer> scorer_;
  std::optional<LabelJob> job_;
  std::optional<ScorePieces> scores_;
  Json labelled_by_, inputs_;
  std::uint64_t inputs_hash_ = 0;
  std::optional<RunDirectory> run_;  // rank 0's
};

void add_label_keys(Options& options, LabelSettings* settings) {
  options.add("corpus.path", &settings->corpus, "", "The corpus of dialogues.");
  options.require("corpus.path");
  options.add("scorer.path", &settings->scorer, "", "The static scorer, or the run that made it.");
  options.require("scorer.path");
  options.add_choice("label.from", &settings->from, {"follow_up", "response"},
                     "follow_up: what the user's next turn expresses, by the static scorer. "
                     "response: what an ARF scorer says of the response itself, for tasks whose "
                     "responses nobody follows up.");
  options.add(
      "label.s_sig", &settings->s_sig, "",
      "Steepness of eq. 13, by which a satisfaction that a response has already is met again "
      "(the paper: 4 to 8); 0: the new one takes its place. The old one becomes history.");
  options.add(
      "label.previous", &settings->previous, "",
      "What an earlier `label` made of the same corpus, or of its first rows before it grew: "
      "its scores are taken over where this scorer gave them, and else become history.");
}

}  // namespace

int run_label(const Arguments& arguments) {
  LabelSettings settings;
  Options options("label",
                  "Give every response that a user's turn follows the satisfaction which that "
                  "turn expresses, by the static scorer.");
  add_label_keys(options, &settings);
  add_run_settings(options, &settings.run);
  add_resume_setting(options, &settings.run);
  add_deadline_keys(options, &settings.deadlines);
  options.require("output");
  return run_guarded(arguments, &options, settings.run, settings.deadlines, [&](GuardedRank& rank) {
    rank.world.agree_or_throw([&] {
      if (settings.s_sig >= 0) return;
      usage_error("--label.s_sig is {}; it takes 0 or more", settings.s_sig);
    });
    LabelCommand command(settings, options, rank);
    return saying_errors([&] { return command.run(); });
  });
}

}  // namespace arf
