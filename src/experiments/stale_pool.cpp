#include "experiments/stale_pool.h"

#include <algorithm>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/hash.h"
#include "data_io/corpus.h"
#include "experiments/bias_stream.h"
#include "experiments/preference_stream.h"
#include "scoring/preference_bias.h"

namespace arf {
namespace {

// (task, phase) of the messages that were liked and whose task is not at the end.
std::set<std::pair<std::string, std::string>> stale_kinds() {
  const std::size_t tasks = std::size(kBiasTasks);
  std::set<std::pair<std::string, std::string>> kinds;
  for (std::size_t task = 0; task + 2 < tasks; ++task) {
    for (const std::size_t phase : {task, task + 1}) {
      kinds.insert({kBiasTasks[task], phase_name(phase)});
    }
  }
  return kinds;
}

std::vector<Dialogue> stale_rows(const std::filesystem::path& corpus, std::uint64_t most) {
  const auto kinds = stale_kinds();
  std::vector<std::pair<std::uint64_t, Dialogue>> drawn;
  CorpusReader(corpus).for_each([&](std::uint64_t, const Dialogue& row) {
    if (kinds.contains({row.source, row.task})) drawn.emplace_back(xxh3(row.id), row);
  });
  if (drawn.empty()) input_error("{}: has no messages of a task that turns", corpus.string());
  std::sort(drawn.begin(), drawn.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  if (drawn.size() > most) drawn.resize(most);
  std::vector<Dialogue> rows;
  for (auto& [key, row] : drawn) rows.push_back(std::move(row));
  return rows;
}

double mean_stored(const std::vector<Dialogue>& rows) {
  double sum = 0;
  for (const Dialogue& row : rows) sum += row.turns.back().satisfaction.value().reward();
  return sum / static_cast<double>(rows.size());
}

void meet_again(const Rescoring& by, std::vector<Dialogue>* rows) {
  std::vector<ScorerInput> inputs;
  for (const Dialogue& row : *rows) {
    inputs.push_back(response_input(&row.turns.front().text, row.turns.back().text));
  }
  const auto fresh = score_all(by.scorer, inputs, by.workers);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    Turn& turn = (*rows)[i].turns.back();
    turn.satisfaction = rescore(*turn.satisfaction, fresh[i], by.s_sig);
  }
}

}  // namespace

PoolCounts write_stale_pool(const std::filesystem::path& corpus, std::uint64_t most,
                            const std::optional<Rescoring>& rescoring,
                            const std::filesystem::path& to) {
  std::vector<Dialogue> rows = stale_rows(corpus, most);
  PoolCounts counts;
  counts.rows = rows.size();
  counts.came_with = mean_stored(rows);
  if (rescoring) meet_again(*rescoring, &rows);
  counts.stored = mean_stored(rows);
  CorpusWriter writer(to);
  for (const Dialogue& row : rows) writer.add(row);
  writer.finish();
  return counts;
}

}  // namespace arf
