#include "programs/track_report.h"

#include <cstdio>

#include "core/file.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "programs/scorer_report.h"

namespace arf {
namespace {

void add_measures(Json* line, const std::string& group, const std::optional<Measures>& measures) {
  if (!measures || measures->count == 0) return;
  line->update({{group + "/accuracy", measures->accuracy},
                {group + "/loss", measures->loss},
                {group + "/macro_f1", measures->macro_f1},
                {group + "/ece", measures->ece}});
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

void print_text(const ScorerRun& run, const TrackResult& result) {
  const auto pair = [](const Measures& before, const Measures& after) -> std::string {
    if (after.count == 0) return "no texts, so nothing was measured";
    return fmt::format("accuracy {:.1f} -> {:.1f} %  loss {:.3f} -> {:.3f}  ({} texts)",
                       100 * before.accuracy, 100 * after.accuracy, before.loss, after.loss,
                       after.count);
  };
  std::string text =
      fmt::format("scorer    {}\ncorpus    {}\nmessages  {} in {} steps\n",
                  printable(run.path("scorer").string(), kUncut),
                  printable(run.path("corpus").string(), kUncut), result.messages, result.steps);
  text += fmt::format("held out  {}\n", pair(result.before.held, result.after.held));
  if (result.after.fixed.count > 0)
    text += fmt::format("static    {}\n", pair(result.before.fixed, result.after.fixed));
  text += fmt::format("digest    {}\n          {} (corpus)\n", result.digest, result.corpus_digest);
  std::fputs(text.c_str(), stdout);
}

void print_json(const ScorerRun& run, const TrackResult& result) {
  Json all = {{"output", run.directory().path().string()},
              {"scorer", run.path("scorer").string()},
              {"corpus", run.path("corpus").string()},
              {"digest", result.digest}};
  all.update(to_json(result));
  std::printf("%s\n", printable_json(all).c_str());
}

}  // namespace

Json track_metrics_line(const FeedbackTracker::Step& step,
                        const std::map<std::string, double>& probed, double seconds) {
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
  for (const auto& [name, reward] : probed) line["probe/" + name] = reward;
  add_measures(&line, "held", step.held);
  add_measures(&line, "static", step.fixed);
  return line;
}

Json to_json(const TrackResult& result) {
  Json probes = Json::object();
  for (const auto& [name, before] : result.before.probes) {
    probes[name] = {{"before", before}, {"after", result.after.probes.at(name)}};
  }
  return {
      {"messages", result.messages},
      {"steps", result.steps},
      {"held", {{"before", to_json(result.before.held)}, {"after", to_json(result.after.held)}}},
      {"static",
       {{"before", to_json(result.before.fixed)}, {"after", to_json(result.after.fixed)}}},
      {"probes", probes},
      {"corpus_digest", result.corpus_digest}};
}

std::string track_report(const ScorerRun& run, const TrackResult& result) {
  HtmlPage page("ARF scorer",
                fmt::format("Followed {} messages in {} steps. Held-out messages and static "
                            "texts were never trained on.",
                            result.messages, result.steps));
  std::vector<std::pair<std::string, Measures>> rows = {
      {"held-out messages, before", result.before.held},
      {"held-out messages, after", result.after.held}};
  if (result.before.fixed.count > 0) {
    rows.insert(rows.end(), {{"static texts, before", result.before.fixed},
                             {"static texts, after", result.after.fixed}});
  }
  page.table(measures_table(rows));
  page.section("The path of the score", "The horizontal axis counts messages.");
  auto plans = chart_plans();
  ChartPlan probed{"mean reward of responses that are only scored", {}};
  for (const auto& [name, reward] : result.after.probes) {
    probed.keys.emplace_back("probe/" + name, name);
  }
  plans.insert(plans.begin() + 1, probed);
  page.figures(charts_of(run.metrics().lines(), "messages", "messages", plans));
  add_run_section(&page, read_json(run.path("manifest.json")), read_file(run.path("config.ini")));
  return page.html();
}

void print_track_result(const ScorerRun& run, const TrackResult& result, bool json) {
  json ? print_json(run, result) : print_text(run, result);
}

}  // namespace arf
