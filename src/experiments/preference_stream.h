// Streams of feedback by a user whose taste is known and changes (paper 4.4, figure 3): what he
// likes is replies of some tasks, what he has turned from is those of others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace arf {

struct TaskTaste {
  std::size_t task = 0;  // which of the tasks
  bool liked = true;     // its replies earn (0, 0, 1), else (1, 0, 0)
};
using Taste = std::vector<TaskTaste>;

// Phase p of figure 3: task p is new and liked, so is task p - 1, and p - 2, the earliest of three,
// has turned negative. One phase a task.
std::vector<Taste> tastes_of_figure_3(std::size_t num_tasks);

struct PreferenceTask {
  std::string name;
  std::filesystem::path
      corpus;  // dialogues; each reply and the user's turn before it is one message
};

// A corpus of messages, `per_phase` for each of the tastes: their tasks in turn, each task's
// replies in order and from the beginning again where they are used up, over all phases. A row is a
// prompt and a response with what it earned; its source is the task's name, its task the phase.
// input_error where a task has no reply.
void write_preference_stream(const std::vector<PreferenceTask>& tasks,
                             const std::vector<Taste>& tastes, std::uint64_t per_phase,
                             std::uint64_t longest, const std::filesystem::path& to);

// The messages of a stream of one phase: "phase-P", as its rows have it.
std::string phase_name(std::size_t phase);

}  // namespace arf
