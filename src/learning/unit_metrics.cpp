#include "learning/unit_metrics.h"

#include <algorithm>
#include <cstring>

namespace arf {
namespace {

struct Row {
  std::uint64_t unit;
  UnitMetrics metrics;
};
constexpr std::size_t kNumDoubles = sizeof(UnitMetrics) / sizeof(double);
static_assert(sizeof(UnitMetrics) == kNumDoubles * sizeof(double) &&
                  std::is_trivially_copyable_v<UnitMetrics>,
              "UnitMetrics travels as its doubles");

std::vector<std::byte> rows_to_bytes(const std::map<std::uint32_t, UnitMetrics>& mine) {
  std::vector<std::byte> bytes(mine.size() * sizeof(Row));
  std::size_t at = 0;
  for (const auto& [unit, metrics] : mine) {
    const Row row{unit, metrics};
    std::memcpy(bytes.data() + at, &row, sizeof(row));
    at += sizeof(row);
  }
  return bytes;
}

}  // namespace

UnitMetrics reward_metrics(const LearningUnit& unit) {
  UnitMetrics metrics;
  for (const ScoredRollout& scored : unit.rollouts) {
    for (std::size_t t = 0; t < scored.rewards.size(); ++t) {
      metrics.reward += scored.rewards[t];
      metrics.replies += 1;
      const auto& stored_score = scored.rollout.turns.at(t).stored_score;
      metrics.stored_reward += stored_score.value_or(0);
      metrics.stored_scores += stored_score.has_value();
    }
  }
  return metrics;
}

std::vector<UnitMetrics> gather_metrics(const Communicator& learners,
                                        const std::map<std::uint32_t, UnitMetrics>& mine) {
  std::vector<std::byte> all;
  for (const auto& part : learners.gather(rows_to_bytes(mine))) {
    all.insert(all.end(), part.begin(), part.end());
  }
  learners.broadcast(&all, 0);
  std::vector<Row> rows(all.size() / sizeof(Row));
  if (!rows.empty()) std::memcpy(rows.data(), all.data(), rows.size() * sizeof(Row));
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.unit < b.unit; });
  std::vector<UnitMetrics> metrics;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ARF_CHECK(i == 0 || rows[i].unit != rows[i - 1].unit, "unit {} twice", rows[i].unit);
    metrics.push_back(rows[i].metrics);
  }
  return metrics;
}

UnitMetrics total_metrics(const std::vector<UnitMetrics>& units) {
  UnitMetrics sum;
  for (const UnitMetrics& unit : units) {
    for (double UnitMetrics::*field :
         {&UnitMetrics::loss, &UnitMetrics::samples, &UnitMetrics::tokens, &UnitMetrics::kl,
          &UnitMetrics::reward, &UnitMetrics::stored_reward, &UnitMetrics::stored_scores,
          &UnitMetrics::replies, &UnitMetrics::entropy, &UnitMetrics::clipped,
          &UnitMetrics::value_loss, &UnitMetrics::accuracy}) {
      sum.*field += unit.*field;
    }
    sum.ratio_min = std::min(sum.ratio_min, unit.ratio_min);
    sum.ratio_max = std::max(sum.ratio_max, unit.ratio_max);
  }
  return sum;
}

std::vector<double> metrics_to_doubles(const UnitMetrics& metrics) {
  std::vector<double> values(kNumDoubles);
  std::memcpy(values.data(), &metrics, sizeof(metrics));
  return values;
}

UnitMetrics metrics_from_doubles(const std::vector<double>& values) {
  ARF_CHECK(values.size() == kNumDoubles, "{} numbers, expected {}", values.size(), kNumDoubles);
  UnitMetrics metrics;
  std::memcpy(static_cast<void*>(&metrics), values.data(), sizeof(metrics));
  return metrics;
}

}  // namespace arf
