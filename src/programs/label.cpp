// `arf label`: every response gets the satisfaction that the user's next turn expresses, as the
// static scorer reads it: the soft label C_static of the ARF scorer (paper 3.1).
#include <ATen/Parallel.h>

#include <cstdio>

#include "config/options.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/partial_folder.h"
#include "programs/commands.h"
#include "programs/scorer_run.h"
#include "scoring/labeller.h"

namespace arf {
namespace {

struct LabelSettings {
  RunSettings run;
  std::string corpus, scorer;
  std::string from = "follow_up";
};

LabelCounts label_corpus(const LabelSettings& settings, const Options& options,
                         const Scorer& scorer) {
  const CorpusReader reader(settings.corpus);
  CorpusWriter writer(settings.run.output);
  const LabelSource source =
      settings.from == "response" ? LabelSource::kResponse : LabelSource::kFollowUp;
  Labeller labeller(scorer, source, num_workers(settings.run),
                    [&](const Dialogue& dialogue) { writer.add(dialogue); });
  Progress progress("label", reader.rows(), "rows");
  reader.for_each([&](std::uint64_t row, const Dialogue& dialogue) {
    labeller.add(dialogue);
    progress.advance(row + 1, fmt::format("{} responses", labeller.counts().labelled));
  });
  labeller.finish();
  progress.advance(reader.rows(), fmt::format("{} responses", labeller.counts().labelled));
  writer.keep_config(options.resolved());
  writer.note("labelled_by", {{"scorer", settings.scorer},
                              {"digest", scorer_digest(settings.scorer)},
                              {"corpus_digest", reader.index().at("digest")}});
  writer.finish();
  return labeller.counts();
}

void print_result(const LabelSettings& settings, const LabelCounts& counts) {
  const auto digest = CorpusReader(settings.run.output).index().at("digest").get<std::string>();
  if (settings.run.json) {
    const Json result = {
        {"output", settings.run.output},
        {"rows", counts.rows},
        {"responses", counts.responses},
        {"labelled", counts.labelled},
        {"replaced", counts.replaced},
        {"rows_without", counts.rows_without},
        {"classes",
         {{"bad", counts.classes[0]}, {"neutral", counts.classes[1]}, {"good", counts.classes[2]}}},
        {"mean_reward", counts.mean_reward()},
        {"digest", digest}};
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  const std::string text = fmt::format(
      "corpus    {}\nrows      {} ({} with nothing to label, kept as they were)\n"
      "labelled  {} of {} responses; {} had a satisfaction before, kept as history\n"
      "          bad {}  neutral {}  good {}  mean reward {:.3f}\ndigest    {}\n",
      printable(settings.run.output, kUncut), counts.rows, counts.rows_without, counts.labelled,
      counts.responses, counts.replaced, counts.classes[0], counts.classes[1], counts.classes[2],
      counts.mean_reward(), digest);
  std::fputs(text.c_str(), stdout);
}

}  // namespace

int run_label(const Arguments& arguments) {
  LabelSettings settings;
  Options options("label",
                  "Give every response that a user's turn follows the satisfaction which that "
                  "turn expresses, by the static scorer.");
  options.add("corpus.path", &settings.corpus, "", "The corpus of dialogues.");
  options.require("corpus.path");
  options.add("scorer.path", &settings.scorer, "", "The static scorer, or the run that made it.");
  options.require("scorer.path");
  options.add_choice("label.from", &settings.from, {"follow_up", "response"},
                     "follow_up: what the user's next turn expresses, by the static scorer. "
                     "response: what an ARF scorer says of the response itself, for tasks whose "
                     "responses nobody follows up.");
  add_run_settings(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  at::set_num_threads(1);
  refuse_occupied_output(settings.run.output);
  const Scorer scorer = Scorer::load(settings.scorer);
  const LabelCounts counts = label_corpus(settings, options, scorer);
  if (counts.labelled == 0 && settings.from == "response") {
    log_warning("{}: has no responses, so nothing was labelled", settings.corpus);
  } else if (counts.labelled == 0) {
    log_warning(
        "{}: no response is followed by a user's turn, so nothing was labelled; --label.from "
        "response asks an ARF scorer about the responses themselves",
        settings.corpus);
  }
  print_result(settings, counts);
  return 0;
}

}  // namespace arf
