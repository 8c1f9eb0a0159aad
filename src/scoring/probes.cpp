#include "scoring/probes.h"

#include <deque>
#include <filesystem>
#include <set>

#include "core/error.h"
#include "data_io/corpus.h"
#include "records/prompts.h"

namespace arf {
namespace {

struct NamedCorpus {
  std::string name;
  std::filesystem::path path;
};

NamedCorpus named(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos) {
    const std::filesystem::path path = std::filesystem::path(word) / "";
    return {path.parent_path().filename().string(), word};
  }
  if (equals == 0) usage_error("--track.probe_corpus `{}`: no name stands before the `=`", word);
  return {word.substr(0, equals), word.substr(equals + 1)};
}

std::vector<FramedText> first_responses(const Scorer& scorer, const std::filesystem::path& corpus,
                                        std::size_t most, int num_threads) {
  const CorpusReader reader(corpus);
  std::deque<Dialogue> rows;  // their texts stay where they are
  std::vector<ScorerInput> inputs;
  for (std::uint64_t number = 0; number < reader.rows() && inputs.size() < most; ++number) {
    const Dialogue& row = rows.emplace_back(reader.row(number));
    const auto prompts = prompts_of(row);
    for (std::size_t i = 0; i < row.turns.size() && inputs.size() < most; ++i) {
      if (row.turns[i].role != TurnRole::kAssistant) continue;
      inputs.push_back(response_input(prompts[i], row.turns[i].text));
    }
  }
  if (inputs.empty()) input_error("{}: has no response to probe a scorer with", corpus.string());
  return frame_all(scorer, inputs, num_threads);
}

}  // namespace

std::string probe_path(const std::string& word) { return named(word).path.string(); }

std::vector<Probe> read_probes(const Scorer& scorer, const std::vector<std::string>& corpora,
                               std::size_t most, int num_threads) {
  std::vector<Probe> probes;
  std::set<std::string> names;
  for (const std::string& word : corpora) {
    const NamedCorpus corpus = named(word);
    if (!names.insert(corpus.name).second) {
      usage_error("--track.probe_corpus: two are named `{}`; write NAME=DIR", corpus.name);
    }
    probes.push_back({corpus.name, first_responses(scorer, corpus.path, most, num_threads)});
  }
  return probes;
}

double mean_reward(const Scorer& scorer, const Probe& probe, const Workers& workers) {
  double sum = 0;
  for (const Satisfaction& score : score_all(scorer, probe.responses, workers)) {
    sum += score.reward();
  }
  return sum / static_cast<double>(probe.responses.size());
}

}  // namespace arf
