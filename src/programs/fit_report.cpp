#include "programs/fit_report.h"

#include <fmt/format.h>

#include <cstdio>

#include "core/file.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "programs/scorer_report.h"

namespace arf {
namespace {

std::vector<ChartPlan> chart_plans() {
  return {{"loss", {{"loss", "training"}, {"validation/loss", "validation"}}},
          {"accuracy", {{"accuracy", "training"}, {"validation/accuracy", "validation"}}},
          {"macro-F1 and balanced accuracy, validation",
           {{"validation/macro_f1", "macro-F1"},
            {"validation/balanced_accuracy", "balanced accuracy"}}},
          {"recall, validation",
           {{"validation/recall_bad", "bad"},
            {"validation/recall_neutral", "neutral"},
            {"validation/recall_good", "good"}}},
          {"calibration error, validation", {{"validation/ece", "ECE"}}},
          {"learning rate", {{"learning_rate", "learning rate"}}},
          {"gradient norm", {{"grad_norm", "before clipping"}}}};
}

std::string kept_text(const FitResult& result, const ScorerFit& fit) {
  const std::string& keep = fit.settings().keep;
  return fmt::format("the state after iteration {} ({})", result.kept_iteration,
                     keep == "best"      ? "lowest validation loss"
                     : keep == "best_f1" ? "highest validation macro-F1"
                                         : "the last");
}

// What is measured beside the scorer, as a reader calls it.
std::string readable_name(const std::string& contender) {
  if (contender == "bag_of_words") return "bag of words";
  if (contender == "bag_of_words_balanced") return "bag of words, balanced";
  if (contender == "bag_of_words_by_source") return "bag of words by source";
  if (contender == "bag_of_words_by_source_balanced") return "bag of words by source, balanced";
  return contender == "majority" ? "shares of the classes" : contender;
}

Json measures_json(const SourceMeasures& source) {
  Json json = Json::object();
  for (const auto& [name, measures] : source.measures) json[name] = to_json(measures);
  return json;
}

// {"baselines": name -> measures of all test texts, "sources": source -> name -> measures}
Json beside_json(const FitResult& result) {
  Json baselines = measures_json(result.by_source.front()), sources = Json::object();
  baselines.erase("scorer");
  for (std::size_t i = 1; i < result.by_source.size(); ++i) {
    sources[result.by_source[i].source] = measures_json(result.by_source[i]);
  }
  return {{"baselines", baselines}, {"sources", sources}};
}

// {"temperature", "before", "after"}: of the validation texts; "test_before": of the test texts.
Json calibration_json(const FitResult& result) {
  if (!result.calibration) return {};
  return {{"temperature", result.calibration->temperature},
          {"before", to_json(result.calibration->before)},
          {"after", to_json(result.calibration->after)},
          {"test_before", to_json(*result.uncalibrated)}};
}

std::string calibration_text(const FitResult& result) {
  const Calibration& fitted = *result.calibration;
  return fmt::format(
      "temperature {:.3f}; ECE {:.3f} -> {:.3f} on the validation texts, {:.3f} -> {:.3f} on the "
      "test texts",
      fitted.temperature, fitted.before.ece, fitted.after.ece, result.uncalibrated->ece,
      result.test().ece);
}

std::vector<std::pair<std::string, Measures>> table_rows(const FitResult& result) {
  std::vector<std::pair<std::string, Measures>> rows;
  for (const SourceMeasures& source : result.by_source) {
    const bool all = &source == &result.by_source.front();
    for (const auto& [name, measures] : source.measures) {
      const std::string of = all ? "all" : source.source;
      rows.emplace_back(fmt::format("{}: {}", of, readable_name(name)), measures);
    }
  }
  return rows;
}

}  // namespace

Json fit_metrics_line(const ScorerFit::Step& step, int batch, double seconds) {
  Json line = {{"iteration", step.iteration},     {"loss", step.loss},
               {"accuracy", step.accuracy},       {"learning_rate", step.learning_rate},
               {"grad_norm", step.gradient_norm}, {"tokens/trained", step.tokens},
               {"texts/trained", batch},          {"seconds/learn", seconds}};
  if (const auto& v = step.validation) {
    line.update({{"validation/loss", v->loss},
                 {"validation/accuracy", v->accuracy},
                 {"validation/macro_f1", v->macro_f1},
                 {"validation/balanced_accuracy", v->balanced_accuracy},
                 {"validation/ece", v->ece}});
    for (std::size_t c = 0; c < 3; ++c) {
      line[fmt::format("validation/recall_{}", kClassNames[c])] = v->recall[c];
    }
  }
  return line;
}

void note_fit_result(const FitResult& result, const ScorerFit& fit, RunDirectory* directory) {
  const ExampleSet& texts = fit.examples();
  directory->note("texts", {{"training", texts.training.size()},
                            {"validation", texts.validation.size()},
                            {"test", texts.test.size()}});
  directory->note("kept_iteration", result.kept_iteration);
  directory->note("test", to_json(result.test()));
  directory->note("calibration", calibration_json(result));
  const Json beside = beside_json(result);
  for (const auto& [key, value] : beside.items()) directory->note(key, value);
}

std::string fit_report(const ScorerRun& run, const FitResult& result, const ScorerFit& fit) {
  HtmlPage page("Static scorer",
                fmt::format("Fitted in {} iterations of {} texts; kept: {}. The test texts were "
                            "neither trained on nor used to choose what is kept.",
                            fit.iterations_done(), fit.settings().batch, kept_text(result, fit)));
  page.section("Test texts, in all and by source",
               "Shares of the classes: a constant prediction of how often each class is among the "
               "training texts of the source. Bags of words: logistic regressions on unigrams and "
               "bigrams of the same training texts; balanced, with the same weight for every "
               "class; by source, one of each source's own texts. Spearman: rank correlation of "
               "the predicted score with the label's.");
  page.table(measures_table(table_rows(result)));
  page.table(classes_table(result.test()));
  if (result.calibration) {
    page.section("Calibration", "One temperature of the logits, by the validation texts.");
    page.paragraph(calibration_text(result) + ".");
    page.table(measures_table({{"validation, before", result.calibration->before},
                               {"validation, after", result.calibration->after},
                               {"test, before", *result.uncalibrated},
                               {"test, after", result.test()}}));
  }
  page.section("Curves", "Means over a batch; validation at intervals.");
  page.figures(charts_of(run.metrics().lines(), "iteration", "iteration", chart_plans()));
  add_run_section(&page, read_json(run.path("manifest.json")), read_file(run.path("config.ini")));
  return page.html();
}

namespace {

void print_text(const ScorerRun& run, const FitResult& result, const ScorerFit& fit) {
  const ExampleSet& texts = fit.examples();
  std::printf(
      "scorer    %s\ntexts     %zu trained on, %zu to validate, %zu to test\n"
      "kept      %s\ntest      %s",
      printable(run.path("scorer").string(), kUncut).c_str(), texts.training.size(),
      texts.validation.size(), texts.test.size(), kept_text(result, fit).c_str(),
      measures_text(result.test(), "          ").c_str());
  std::printf("%s", measures_lines(table_rows(result), "          ").c_str());
  if (result.calibration) std::printf("logits    %s\n", calibration_text(result).c_str());
  std::printf("digest    %s\n", result.digest.c_str());
}

}  // namespace

void print_fit_result(const ScorerRun& run, const FitResult& result, const ScorerFit& fit,
                      bool json) {
  if (!json) return print_text(run, result, fit);
  Json all = {{"output", run.directory().path().string()},
              {"scorer", run.path("scorer").string()},
              {"iterations", fit.iterations_done()},
              {"kept_iteration", result.kept_iteration},
              {"test", to_json(result.test())}};
  all.update(beside_json(result));
  all["calibration"] = calibration_json(result);
  all["digest"] = result.digest;
  std::printf("%s\n", printable_json(all).c_str());
}

}  // namespace arf
