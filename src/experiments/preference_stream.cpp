#include "experiments/preference_stream.h"

#include "core/error.h"
#include "data_io/corpus.h"
#include "records/prompts.h"

namespace arf {
namespace {

struct Exchange {
  std::string prompt, response;
  Provenance from;
};

std::vector<Exchange> exchanges_of(const PreferenceTask& task, std::uint64_t longest) {
  std::vector<Exchange> exchanges;
  CorpusReader(task.corpus).for_each([&](std::uint64_t, const Dialogue& dialogue) {
    const auto prompts = prompts_of(dialogue);
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
      if (dialogue.turns[i].role != TurnRole::kAssistant || prompts[i] == nullptr) continue;
      const std::size_t bytes = prompts[i]->size() + dialogue.turns[i].text.size();
      if (dialogue.turns[i].text.empty() || bytes > longest) continue;
      exchanges.push_back({*prompts[i], dialogue.turns[i].text, dialogue.provenance});
      exchanges.back().from.parent = dialogue.id;
    }
  });
  if (exchanges.empty()) {
    input_error("{}: no reply of at most {} bytes answers a user's turn, so `{}` gives no feedback",
                task.corpus.string(), longest, task.name);
  }
  return exchanges;
}

}  // namespace

std::string phase_name(std::size_t phase) { return fmt::format("phase-{}", phase); }

std::vector<Taste> tastes_of_figure_3(std::size_t num_tasks) {
  std::vector<Taste> tastes;
  for (std::size_t p = 0; p < num_tasks; ++p) {
    Taste taste = {{p, true}};
    if (p >= 1) taste.push_back({p - 1, true});
    if (p >= 2) taste.push_back({p - 2, false});
    tastes.push_back(taste);
  }
  return tastes;
}

void write_preference_stream(const std::vector<PreferenceTask>& tasks,
                             const std::vector<Taste>& tastes, std::uint64_t per_phase,
                             std::uint64_t longest, const std::filesystem::path& to) {
  std::vector<std::vector<Exchange>> exchanges;
  for (const PreferenceTask& task : tasks) exchanges.push_back(exchanges_of(task, longest));
  std::vector<std::size_t> next(tasks.size(), 0);
  CorpusWriter writer(to);
  for (std::size_t phase = 0; phase < tastes.size(); ++phase) {
    for (std::uint64_t i = 0; i < per_phase; ++i) {
      const TaskTaste& taste = tastes[phase][i % tastes[phase].size()];
      const auto& of_task = exchanges.at(taste.task);
      const Exchange& exchange = of_task[next[taste.task]++ % of_task.size()];
      Dialogue row;
      row.id = fmt::format("{}-{}", phase_name(phase), i);
      row.source = tasks[taste.task].name;
      row.task = phase_name(phase);
      row.provenance = exchange.from;
      row.turns.push_back({TurnRole::kUser, exchange.prompt, std::nullopt, {}});
      row.turns.push_back({TurnRole::kAssistant,
                           exchange.response,
                           taste.liked ? Satisfaction{0, 0, 1} : Satisfaction{1, 0, 0},
                           {}});
      writer.add(row);
    }
  }
  writer.finish();
}

}  // namespace arf
