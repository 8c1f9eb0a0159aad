#include "evaluation/results.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"

namespace arf {
namespace {

const char* kind_name(ContestantPlace::Kind kind) {
  switch (kind) {
    case ContestantPlace::Kind::kBase:
      return "base";
    case ContestantPlace::Kind::kAdapter:
      return "adapter";
    default:
      return "model";
  }
}

Json estimate_json(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

// RFC 4180: quoted where it holds a comma, a quote or a line's end.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string interval(const Estimate& estimate) {
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", estimate.value, estimate.low, estimate.high);
}

std::size_t width_of(const std::string& utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(widths[c] - width_of(row[c]), ' ');
      line += c == 0 ? row[c] + pad : "  " + pad + row[c];
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace

Json evaluation_json(const EvaluationSummary& summary) {
  Json methods = Json::array();
  for (const ContestantResult& result : summary.results) {
    Json method = {{"name", result.place.name},
                   {"kind", kind_name(result.place.kind)},
                   {"hash", result.hash},
                   {"reward", estimate_json(result.reward)},
                   {"reward_ratio", estimate_json(result.reward_ratio)},
                   {"reward_difference", estimate_json(result.reward_difference)}};
    if (result.true_satisfaction) {
      method["true_satisfaction"] = estimate_json(*result.true_satisfaction);
      method["true_ratio"] = estimate_json(*result.true_ratio);
      method["true_difference"] = estimate_json(*result.true_difference);
    }
    method["kl_to_base"] = result.kl_per_token;
    method["tokens_per_reply"] = result.tokens_per_reply;
    method["distinct_2"] = result.distinct_2;
    method["tokens_per_second"] = result.tokens_per_second;
    method["generation_seconds"] = result.generation_seconds;
    methods.push_back(std::move(method));
  }
  return {{"format", "arf-evaluation"},
          {"version", 1},
          {"seed", summary.settings.seed},
          {"dialogues", summary.num_dialogues},
          {"prompts", summary.num_prompts},
          {"temperature", summary.settings.sampling.rule.temperature},
          {"max_tokens", summary.settings.sampling.max_new_tokens},
          {"bootstrap_resamples", summary.settings.resamples},
          {"ratio", "mean((1 + score) / 2) over the baseline's"},
          {"baseline", summary.results[summary.baseline].place.name},
          {"inputs", summary.inputs},
          {"methods", methods}};
}

std::string evaluation_csv(const EvaluationSummary& summary) {
  std::string csv = "method,kind";
  const std::vector<std::string> estimates = {
      "reward",     "reward_ratio",   "reward_difference", "true_satisfaction",
      "true_ratio", "true_difference"};
  for (const std::string& name : estimates) csv += fmt::format(",{0},{0}_low,{0}_high", name);
  csv += ",kl_to_base,tokens_per_reply,distinct_2,tokens_per_second\n";
  const Json json = evaluation_json(summary);
  for (const Json& method : json.at("methods")) {
    csv += csv_field(method.at("name")) + "," + method.at("kind").get<std::string>();
    for (const std::string& name : estimates) {
      for (const char* part : {"value", "low", "high"}) {
        csv += "," + (method.contains(name) ? method.at(name).at(part).dump() : std::string());
      }
    }
    for (const char* name : {"kl_to_base", "tokens_per_reply", "distinct_2", "tokens_per_second"}) {
      csv += "," + method.at(name).dump();
    }
    csv += "\n";
  }
  return csv;
}

std::string replies_jsonl(const EvaluationSummary& summary, const HeldOut& held_out) {
  std::string lines;
  for (std::size_t i = 0; i < summary.results[0].replies.size(); ++i) {
    for (const ContestantResult& result : summary.results) {
      const EvaluatedReply& reply = result.replies[i];
      Json line = {
          {"method", result.place.name}, {"dialogue", held_out.dialogues[reply.dialogue].id},
          {"turn", reply.turn},          {"prompt", reply.prompt},
          {"reply", reply.reply},        {"tokens", reply.tokens.size()},
          {"reward", reply.reward}};
      if (reply.true_satisfaction) line["true_satisfaction"] = *reply.true_satisfaction;
      line["kl_sum"] = reply.kl_sum;
      lines += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
  }
  return lines;
}

std::string evaluation_table(const EvaluationSummary& summary) {
  const bool truth = summary.results[0].true_satisfaction.has_value();
  const std::string to = printable(summary.results[summary.baseline].place.name);
  std::vector<std::vector<std::string>> rows(1, {"method", "reward"});
  if (truth) rows[0].push_back("true satisfaction");
  if (truth) rows[0].push_back(fmt::format("true ratio to {} [95 %]", to));
  rows[0].push_back(fmt::format("reward ratio to {} [95 %]", to));
  rows[0].insert(rows[0].end(), {"KL to base", "tokens/s"});
  for (const ContestantResult& result : summary.results) {
    std::vector<std::string> row = {printable(result.place.name),
                                    fmt::format("{:.4f}", result.reward.value)};
    if (truth) row.push_back(fmt::format("{:.4f}", result.true_satisfaction->value));
    if (truth) row.push_back(interval(*result.true_ratio));
    row.push_back(interval(result.reward_ratio));
    row.push_back(fmt::format("{:.5f}", result.kl_per_token));
    row.push_back(fmt::format("{:.0f}", result.tokens_per_second));
    rows.push_back(std::move(row));
  }
  return aligned(rows) +
         fmt::format("{} prompts of {} dialogues; ratios are of mean((1 + score) / 2)\n",
                     summary.num_prompts, summary.num_dialogues);
}

}  // namespace arf
