#include "experiments/gsm8k_solutions.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "data_io/corpus.h"
#include "data_io/importers.h"
#include "data_io/json_records.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

constexpr const char* kModels[] = {"6b_finetuning", "6b_verification", "175b_finetuning",
                                   "175b_verification"};

struct Solution {
  std::string text;
  bool is_right = false;
};

struct Problem {
  std::string question;
  std::vector<Solution> solutions;
  Provenance from;
};

Problem read_problem(const JsonRef& record) {
  Problem problem;
  problem.question = record.text_field("question");
  for (const char* model : kModels) {
    const JsonRef solution = record.field(model);
    problem.solutions.push_back(
        {solution.text_field("solution"), solution.flag_field("is_correct")});
  }
  return problem;
}

Dialogue row_of(const Problem& problem, const std::string& id, const Solution& solution) {
  Dialogue row;
  row.id = id;
  row.source = row.task = "gsm8k_solutions";
  row.provenance = problem.from;
  row.turns.push_back({TurnRole::kUser, problem.question, std::nullopt, {}});
  row.turns.push_back({TurnRole::kAssistant, solution.text, std::nullopt, {}});
  return row;
}

void add_feedback(const Problem& problem, CorpusWriter* writer, SolutionCounts* counts) {
  for (std::size_t s = 0; s < problem.solutions.size(); ++s) {
    const Solution& solution = problem.solutions[s];
    if (solution.text.empty()) continue;
    Dialogue row = row_of(problem, fmt::format("solution-{}-{}", problem.from.row, s), solution);
    row.turns.back().satisfaction =
        solution.is_right ? Satisfaction{0, 0, 1} : Satisfaction{1, 0, 0};
    writer->add(row);
    ++(solution.is_right ? counts->right : counts->wrong);
  }
}

void add_pairs(const Problem& problem, CorpusWriter* writer, SolutionCounts* counts) {
  for (std::size_t r = 0; r < problem.solutions.size(); ++r) {
    for (std::size_t w = 0; w < problem.solutions.size(); ++w) {
      const Solution &right = problem.solutions[r], &wrong = problem.solutions[w];
      if (!right.is_right || wrong.is_right || right.text.empty() || wrong.text.empty()) continue;
      Dialogue row = row_of(problem, fmt::format("pair-{}-{}-{}", problem.from.row, r, w), right);
      row.rejected = wrong.text;
      writer->add(row);
      ++counts->pairs;
    }
  }
}

}  // namespace

SolutionCounts write_gsm8k_solutions(const std::filesystem::path& file, double test_share,
                                     const std::filesystem::path& feedback,
                                     const std::filesystem::path& pairs) {
  SolutionCounts counts;
  CorpusWriter feedback_writer(feedback), pair_writer(pairs);
  JsonRecords records(file, JsonRecords::Shape::kListOrLines);
  JsonDocument document;
  for (JsonRecord record; records.next(&record);) {
    document.parse(record.text, records.name(), record.line);
    Problem problem = read_problem(document.root());
    problem.from.file = file.filename().string();
    problem.from.row = record.line;
    ++counts.problems;
    const Dialogue asked = prompt_and_reply(problem.question, "");
    if (is_test_row(asked, test_share)) {
      add_pairs(problem, &pair_writer, &counts);
    } else {
      add_feedback(problem, &feedback_writer, &counts);
    }
  }
  if (counts.pairs == 0 || counts.right + counts.wrong == 0) {
    input_error(
        "{}: {} problems give {} solutions to learn from and {} pairs to test; both are "
        "wanted",
        file.string(), counts.problems, counts.right + counts.wrong, counts.pairs);
  }
  feedback_writer.finish();
  pair_writer.finish();
  return counts;
}

}  // namespace arf
