// Which responses of a row get a label, and how a row is given them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/json.h"
#include "records/dialogue.h"

namespace arf {

enum class LabelSource {
  kFollowUp,  // what the user's next turn expresses, by the static scorer (paper 3.1)
  kResponse,  // the ARF scorer's own opinion of (prompt, response): for tasks without follow-ups
};

struct LabelCounts {
  std::uint64_t rows = 0, rows_without = 0;  // rows_without: nothing in them could be labelled
  std::uint64_t responses = 0, labelled = 0;
  std::uint64_t taken = 0;                 // of the labelled: as an earlier corpus has them
  std::uint64_t replaced = 0;              // had a satisfaction, which is now history
  std::array<std::uint64_t, 3> classes{};  // likeliest class of the labels
  double reward_sum = 0;
  double mean_reward() const { return labelled ? reward_sum / static_cast<double>(labelled) : 0; }
  // Adds those of the rows behind: in one order of the rows' parts, the same bits.
  void add(const LabelCounts& more);
};
Json to_json(const LabelCounts& counts);
LabelCounts label_counts_of(const Json& json);  // of to_json

// The turns of a row that can be labelled, in order.
std::vector<std::size_t> labelled_turns(const Dialogue& dialogue, LabelSource source);

// Gives each of labelled_turns() its score, one each; what they had before becomes the last of
// their history. s_sig > 0: a score that is there is met again (rescore(), paper eq. 13 and 14); 0:
// the new one takes its place.
void put_labels(LabelSource source, double s_sig, std::span<const Satisfaction> scores,
                Dialogue* dialogue, LabelCounts* counts);
// Counts a row whose labels are taken as they are.
void count_taken(LabelSource source, const Dialogue& dialogue, LabelCounts* counts);

}  // namespace arf
