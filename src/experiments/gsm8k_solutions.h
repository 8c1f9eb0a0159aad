// GSM8K's file of solutions by four models (example_model_solutions.jsonl), each marked right or
// wrong: feedback of a user who wants right solutions, and pairs that tell whether a scorer prefers
// them (paper, table 3).
#pragma once

#include <cstdint>
#include <filesystem>

namespace arf {

struct SolutionCounts {
  std::uint64_t problems = 0, right = 0, wrong = 0, pairs = 0;
};

// Problems whose text's hash falls below `test_share` give pairs: `pairs`, a row for each right and
// each wrong solution of one problem (chosen and rejected). The solutions of all others are the
// stream: `feedback`, a row each, right ones good, wrong ones bad, in the file's order.
// input_error: a record that is none, and where either corpus would be empty.
SolutionCounts write_gsm8k_solutions(const std::filesystem::path& file, double test_share,
                                     const std::filesystem::path& feedback,
                                     const std::filesystem::path& pairs);

}  // namespace arf
