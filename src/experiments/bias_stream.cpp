#include "experiments/bias_stream.h"

#include "core/error.h"
#include "data_io/corpus.h"
#include "experiments/preference_stream.h"

namespace arf {
namespace {

// Where each set is below the folder of public data.
struct TaskFile {
  const char* format;
  const char* file;
};
constexpr TaskFile kFiles[] = {{"alpaca", "alpaca/alpaca_data_en.json.gz"},
                               {"gsm8k", "gsm8k/train.jsonl.gz"},
                               {"strategyqa", "strategyqa/train.json.gz"},
                               {"topical_chat", "topical_chat/valid_freq.json.gz"}};

std::string import_side(const ExperimentSettings& settings, const TaskFile& task,
                        const std::string& side, ExperimentSteps* steps) {
  const std::string name = fmt::format("{}-{}", task.format, side);
  steps->run(name, "import",
             {"--import.format", task.format, "--import.input",
              fmt::format("{}/{}", settings.data, task.file), "--import.split", side});
  return steps->path(name);
}

}  // namespace

BiasStream make_bias_stream(const ExperimentSettings& settings, std::uint64_t per_phase,
                            ExperimentSteps* steps) {
  BiasStream stream;
  std::vector<PreferenceTask> tasks;
  for (const TaskFile& task : kFiles) {
    tasks.push_back({task.format, import_side(settings, task, "train", steps)});
    stream.probes.push_back(
        fmt::format("{}={}", task.format, import_side(settings, task, "test", steps)));
  }
  stream.corpus = steps->path("stream");
  steps->make("stream",
              fmt::format("a stream of {} messages a phase, of at most {} bytes each", per_phase,
                          settings.longest_message),
              [&] {
                write_preference_stream(tasks, tastes_of_figure_3(tasks.size()), per_phase,
                                        settings.longest_message, stream.corpus);
                return Json{{"digest", CorpusReader(stream.corpus).index().at("digest")}};
              });
  return stream;
}

ExperimentSteps::Words track_words(const BiasStream& stream, const std::string& scorer,
                                   const std::string& static_corpus, const std::string& rate,
                                   double replay_ratio) {
  ExperimentSteps::Words words = {"--corpus.path",         stream.corpus,
                                  "--scorer.path",         scorer,
                                  "--track.replay_corpus", static_corpus,
                                  "--train.learning_rate", rate,
                                  "--track.replay_ratio",  fmt::format("{}", replay_ratio),
                                  "--track.probe_corpus"};
  words.insert(words.end(), stream.probes.begin(), stream.probes.end());
  return words;
}

}  // namespace arf
