#include "data_io/duplicates.h"

#include <algorithm>
#include <map>

namespace arf {
namespace {

constexpr int kNoLabel = -1;

// The label of most votes; kNoLabel where several have as many.
int winner_of(const std::map<int, std::size_t>& votes) {
  int winner = kNoLabel;
  std::size_t most = 0;
  for (const auto& [label, count] : votes) {
    if (count == most) winner = kNoLabel;
    if (count <= most) continue;
    most = count;
    winner = label;
  }
  return winner;
}

}  // namespace

const char* reason_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kKept:
      return "kept";
    case Verdict::kRepeated:
      return "the same text and class again";
    case Verdict::kOutvoted:
      return "the same text, more often of another class";
    case Verdict::kUndecided:
      return "the same text, as often of another class";
    case Verdict::kElsewhere:
      return "the same text in an earlier source";
    case Verdict::kContradicted:
      return "the same text in an earlier source, of another class";
  }
  return "";
}

std::vector<Verdict> Duplicates::judge(const std::vector<KeyedRow>& rows) const {
  TextMap<std::map<int, std::size_t>> votes;
  for (const KeyedRow& row : rows) ++votes[row.key][row.label];
  TextMap<bool> met;
  std::vector<Verdict> verdicts;
  verdicts.reserve(rows.size());
  for (const KeyedRow& row : rows) {
    const auto earlier = labels_.find(row.key);
    const int winner = winner_of(votes.at(row.key));
    if (earlier != labels_.end()) {
      verdicts.push_back(earlier->second == row.label ? Verdict::kElsewhere
                                                      : Verdict::kContradicted);
    } else if (winner == kNoLabel) {
      verdicts.push_back(Verdict::kUndecided);
    } else if (winner != row.label) {
      verdicts.push_back(Verdict::kOutvoted);
    } else {
      verdicts.push_back(met.emplace(row.key, true).second ? Verdict::kKept : Verdict::kRepeated);
    }
  }
  return verdicts;
}

}  // namespace arf
