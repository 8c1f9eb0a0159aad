#include "roles/metrics_line.h"

#include <algorithm>

namespace arf {
namespace {

double slowest(const std::vector<RankReport>& reports, const std::string& span) {
  double most = 0;
  for (const RankReport& report : reports) {
    const auto found = report.seconds.find(span);
    if (found != report.seconds.end()) most = std::max(most, found->second);
  }
  return most;
}

double generated(const std::vector<RankReport>& reports) {
  double tokens = 0;
  for (const RankReport& report : reports) tokens += report.tokens_generated;
  return tokens;
}

void add_method_numbers(Json* line, const std::string& method, const UnitMetrics& m) {
  if (method == "ppo" && m.tokens > 0) {
    (*line)["entropy"] = m.entropy / m.tokens;
    (*line)["ratio/min"] = m.ratio_min;
    (*line)["ratio/max"] = m.ratio_max;
    (*line)["clipped"] = m.clipped / m.tokens;
    (*line)["value_loss"] = m.value_loss / m.tokens;
  }
  if (method == "dpo" && m.samples > 0) (*line)["accuracy"] = m.accuracy / m.samples;
}

}  // namespace

Json metrics_line(std::int64_t iteration, const std::string& method, const UpdateResult& update,
                  std::uint64_t policy_version, const std::vector<RankReport>& reports,
                  bool has_kl) {
  const UnitMetrics& m = update.metrics;
  Json line = {{"iteration", iteration}, {"policy_version", policy_version}};
  if (m.replies > 0) line["reward/mean"] = m.reward / m.replies;
  if (m.stored_scores > 0) line["reward/label"] = m.stored_reward / m.stored_scores;
  line["loss"] = m.samples > 0 ? m.loss / m.samples : 0.0;
  if (has_kl) line["kl"] = m.tokens > 0 ? m.kl / m.tokens : 0.0;
  add_method_numbers(&line, method, m);
  line["grad_norm/all"] = update.norms.all;
  line["grad_norm/q"] = update.norms.q_proj;
  line["grad_norm/v"] = update.norms.v_proj;
  line["rounding"] = update.rounding;
  line["learning_rate"] = update.learning_rate;
  line["tokens/generated"] = generated(reports);
  line["tokens/trained"] = m.tokens;
  for (const char* span : {"generate", "score", "learn", "sync", "wait", "iteration"}) {
    line[fmt::format("seconds/{}", span == std::string("iteration") ? "total" : span)] =
        slowest(reports, span);
  }
  return line;
}

std::string progress_numbers(const Json& line) {
  std::string text;
  if (line.contains("reward/mean")) {
    text += fmt::format("reward {:.3f}  ", line["reward/mean"].get<double>());
  }
  if (line.contains("reward/label")) {
    text += fmt::format("stored {:.3f}  ", line["reward/label"].get<double>());
  }
  if (line.contains("kl")) text += fmt::format("kl {:.4f}  ", line["kl"].get<double>());
  const double tokens =
      std::max(line["tokens/generated"].get<double>(), line["tokens/trained"].get<double>());
  const double seconds = line["seconds/total"].get<double>();
  return text + fmt::format("loss {:.4f}  {:.0f} tokens/s", line["loss"].get<double>(),
                            seconds > 0 ? tokens / seconds : 0.0);
}

}  // namespace arf
