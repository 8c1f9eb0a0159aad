// arf simulate: dialogues whose users have a known true preference.
#include <cstdio>

#include "config/options.h"
#include "core/error.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "programs/commands.h"
#include "simulation/preference.h"
#include "simulation/simulator.h"

namespace arf {
namespace {

struct SimulateSettings {
  RunSettings run;
  std::uint64_t dialogues = 4000;
};

// What the stored replies are worth to the users.
struct Tally {
  std::uint64_t replies = 0;
  double satisfaction = 0;             // sum over the replies
  std::uint64_t moods[3] = {0, 0, 0};  // reactions that are bad, neutral, good

  void add(const Dialogue& dialogue) {
    for (std::size_t t = 1; t < dialogue.turns.size(); t += 2) {
      replies += 1;
      satisfaction += true_satisfaction(dialogue.turns[t - 1].text, dialogue.turns[t].text);
      const Satisfaction shown = *dialogue.turns[t + 1].satisfaction;
      moods[shown.good > 0 ? 2 : shown.neutral > 0 ? 1 : 0] += 1;
    }
  }
  double mean() const { return satisfaction / static_cast<double>(replies); }
};

Tally simulate(const SimulateSettings& settings, CorpusWriter* writer) {
  const Simulator simulator(settings.run.seed);
  Progress progress("simulate", settings.dialogues, "rows");
  Tally tally;
  for (std::uint64_t row = 0; row < settings.dialogues; ++row) {
    const Dialogue dialogue = simulator.dialogue(row);
    writer->add(dialogue);
    tally.add(dialogue);
    progress.advance(row + 1);
  }
  return tally;
}

void print_result(const SimulateSettings& settings, const Tally& tally, const std::string& digest) {
  if (settings.run.json) {
    const Json result = {
        {"output", settings.run.output},
        {"rows", settings.dialogues},
        {"replies", tally.replies},
        {"reactions",
         {{"bad", tally.moods[0]}, {"neutral", tally.moods[1]}, {"good", tally.moods[2]}}},
        {"true_satisfaction", tally.mean()},
        {"digest", digest}};
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  std::printf("%s",
              fmt::format("corpus    {}\nrows      {} with {} replies\n"
                          "reactions {} bad, {} neutral, {} good\n"
                          "true satisfaction of the stored replies {:.3f}\ndigest    {}\n",
                          printable(settings.run.output, kUncut), settings.dialogues, tally.replies,
                          tally.moods[0], tally.moods[1], tally.moods[2], tally.mean(), digest)
                  .c_str());
}

}  // namespace

int run_simulate(const Arguments& arguments) {
  SimulateSettings settings;
  Options options("simulate", "Make dialogues whose users have a known true preference.");
  options.add("simulate.dialogues", &settings.dialogues, "rows",
              "How many; row i depends on run.seed and i alone.");
  add_run_settings(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  if (settings.dialogues == 0) usage_error("--simulate.dialogues 0: name at least one dialogue");
  CorpusWriter writer(settings.run.output);
  const Tally tally = simulate(settings, &writer);
  writer.keep_config(options.resolved());
  writer.finish();
  print_result(settings, tally,
               CorpusReader(settings.run.output).index()["digest"].get<std::string>());
  return 0;
}

}  // namespace arf
