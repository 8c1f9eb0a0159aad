// report.html of an evaluation.
#include <fmt/format.h>

#include "evaluation/results.h"
#include "report/chart.h"
#include "report/html.h"

namespace arf {
namespace {

constexpr std::size_t kSamples = 8;

std::string interval(const Estimate& estimate) {
  return fmt::format("{} [{}, {}]", readable_number(estimate.value), readable_number(estimate.low),
                     readable_number(estimate.high));
}

HtmlTable main_table(const EvaluationSummary& summary, bool truth) {
  HtmlTable table{{"method", "reward"}, {}, static_cast<int>(summary.baseline)};
  if (truth) table.head.insert(table.head.end(), {"true satisfaction", "true ratio"});
  table.head.insert(table.head.end(),
                    {"reward ratio", "KL to base", "tokens/reply", "distinct-2", "tokens/s"});
  for (const ContestantResult& result : summary.results) {
    std::vector<std::string> row = {result.place.name, readable_number(result.reward.value)};
    if (truth) row.push_back(readable_number(result.true_satisfaction->value));
    if (truth) row.push_back(interval(*result.true_ratio));
    for (const std::string& cell :
         {interval(result.reward_ratio), readable_number(result.kl_per_token),
          readable_number(result.tokens_per_reply), readable_number(result.distinct_2),
          readable_number(result.tokens_per_second)}) {
      row.push_back(cell);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The baseline's ratio to itself is 1 by definition: it has no whiskers.
std::string ratio_chart(const EvaluationSummary& summary, const std::string& title,
                        const std::function<const Estimate&(const ContestantResult&)>& ratio) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < summary.results.size(); ++i) {
    const Estimate& estimate = ratio(summary.results[i]);
    Bar bar{summary.results[i].place.name, estimate.value, {}, {}};
    if (i != summary.baseline) {
      bar.low = estimate.low;
      bar.high = estimate.high;
    }
    bars.push_back(bar);
  }
  return bar_chart(title, bars, 1);
}

std::string level_chart(const EvaluationSummary& summary, const std::string& title,
                        const std::function<const Estimate&(const ContestantResult&)>& level) {
  std::vector<Bar> bars;
  for (const ContestantResult& result : summary.results) {
    const Estimate& estimate = level(result);
    bars.push_back({result.place.name, estimate.value, estimate.low, estimate.high});
  }
  return bar_chart(title, bars, 0);
}

std::string heading(const ContestantResult& result, const EvaluatedReply& reply) {
  std::string text = fmt::format("{}\nreward {}", result.place.name, readable_number(reply.reward));
  if (reply.true_satisfaction)
    text += fmt::format(", true {}", readable_number(*reply.true_satisfaction));
  return text;
}

// Prompts evenly spread over the held-out ones.
void add_samples(const EvaluationSummary& summary, HtmlPage* page) {
  const std::size_t count = summary.results[0].replies.size();
  const std::size_t shown = std::min(count, kSamples);
  page->section("Sample replies", fmt::format("{} of {} prompts, evenly spread.", shown, count));
  for (std::size_t s = 0; s < shown; ++s) {
    const std::size_t i = s * count / shown;
    std::vector<HtmlPage::Column> columns;
    for (const ContestantResult& result : summary.results) {
      columns.push_back({heading(result, result.replies[i]), result.replies[i].reply});
    }
    page->comparison(summary.results[0].replies[i].prompt, columns);
  }
}

}  // namespace

std::string evaluation_report(const EvaluationSummary& summary) {
  const bool truth = summary.results[0].true_satisfaction.has_value();
  const std::string to = summary.results[summary.baseline].place.name;
  HtmlPage page(
      "Evaluation",
      fmt::format("{} held-out prompts of {} dialogues; every method answers the same prompts "
                  "with the same random numbers, at temperature {:g}, and one frozen scorer "
                  "judges all replies.",
                  summary.num_prompts, summary.num_dialogues,
                  summary.settings.sampling.rule.temperature));
  page.table(main_table(summary, truth));
  page.paragraph(fmt::format(
      "Brackets hold 95 % intervals of a paired bootstrap over dialogues ({} resamples). Scores "
      "lie in "
      "[-1, 1]; a ratio to {} is of mean((1 + score) / 2), as a ratio of scores that may be "
      "negative "
      "means nothing.{} KL to base: mean over tokens of exp(d) - 1 - d with d = log p(base) - "
      "log p(method){}.",
      summary.settings.resamples, to,
      truth
          ? " True satisfaction is what the simulated user, whose preference is known, would feel."
          : "",
      summary.settings.sampling.rule.temperature == 1.0
          ? ""
          : ", biased at a temperature other than 1"));
  page.section("Compared");
  std::vector<std::string> charts;
  if (truth) {
    charts.push_back(ratio_chart(summary, fmt::format("true satisfaction, ratio to {}", to),
                                 [](const auto& r) -> const Estimate& { return *r.true_ratio; }));
    charts.push_back(
        level_chart(summary, "true satisfaction",
                    [](const auto& r) -> const Estimate& { return *r.true_satisfaction; }));
  }
  charts.push_back(ratio_chart(summary, fmt::format("reward of the frozen scorer, ratio to {}", to),
                               [](const auto& r) -> const Estimate& { return r.reward_ratio; }));
  charts.push_back(level_chart(summary, "reward of the frozen scorer",
                               [](const auto& r) -> const Estimate& { return r.reward; }));
  page.figures(charts);
  add_samples(summary, &page);
  page.section("The evaluation");
  page.folded("evaluation.json", evaluation_json(summary).dump(2));
  return page.html();
}

}  // namespace arf
