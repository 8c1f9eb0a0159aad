#include "augment/pair_maker.h"

#include <algorithm>
#include <deque>
#include <string>

#include "augment/preference_pair.h"
#include "augment/prefixes.h"
#include "records/prompts.h"

namespace arf {
namespace {

// What may stand in the pair of one row.
struct Contest {
  RowPlan* plan = nullptr;
  std::size_t turn = 0;
  const std::string* prompt = nullptr;
  std::vector<std::string> texts;    // the response, then its variants
  std::vector<Satisfaction> scores;  // bare
  Extremes extremes;
  Candidate best, worst;
};

// The response of turn `turn` and what became of it in the variants, each once.
std::vector<std::string> candidates(const RowPlan& plan, std::size_t turn) {
  std::vector<std::string> texts = {plan.original.turns[turn].text};
  for (const Dialogue& variant : plan.variants) {
    const std::string& text = variant.turns[turn].text;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
  return texts;
}

std::vector<Contest> open_contests(std::vector<RowPlan>* plans, AugmentCounts* counts) {
  std::vector<Contest> contests;
  for (RowPlan& plan : *plans) {
    bool scored = false;
    Contest contest;
    for (std::size_t turn = plan.fixed.size(); turn-- > 0 && contest.texts.size() < 2;) {
      if (!plan.fixed[turn]) continue;
      scored = true;
      contest = {&plan, turn, nullptr, candidates(plan, turn), {}, {}, {}, {}};
    }
    if (contest.texts.size() > 1) {
      contest.prompt = prompts_of(plan.original)[contest.turn];
      contests.push_back(std::move(contest));
    } else if (scored) {
      ++counts->pairs_without_variants;
    }
  }
  return contests;
}

void score_bare(const AugmentScorers& scorers, std::vector<Contest>* contests) {
  std::vector<PromptedResponse> inputs;
  for (const Contest& contest : *contests) {
    for (const std::string& text : contest.texts) inputs.push_back({*contest.prompt, text});
  }
  const std::vector<Satisfaction> scores = scorers.arf(inputs);
  auto next = scores.begin();
  for (Contest& contest : *contests) {
    contest.scores.assign(next, next + static_cast<std::ptrdiff_t>(contest.texts.size()));
    next += static_cast<std::ptrdiff_t>(contest.texts.size());
    contest.extremes = extremes_of(contest.scores);
    const auto [best, worst] = contest.extremes;
    contest.best = {contest.texts[best], contest.scores[best]};
    contest.worst = {contest.texts[worst], contest.scores[worst]};
  }
}

// The best and the worst once more, behind the prefixes that fit them.
void score_prefixed(const AugmentScorers& scorers, std::vector<Contest>* contests) {
  std::deque<std::string> prompts;  // stay where they are
  std::vector<PromptedResponse> inputs;
  for (const Contest& contest : *contests) {
    const Prefixes prefixes = prefixes_for(contest.plan->original.task);
    prompts.push_back(with_prefix(prefixes.good, *contest.prompt));
    inputs.push_back({prompts.back(), contest.best.text});
    prompts.push_back(with_prefix(prefixes.bad, *contest.prompt));
    inputs.push_back({prompts.back(), contest.worst.text});
  }
  const std::vector<Satisfaction> scores = scorers.arf(inputs);
  for (std::size_t i = 0; i < contests->size(); ++i) {
    (*contests)[i].best.score = scores[2 * i];
    (*contests)[i].worst.score = scores[2 * i + 1];
  }
}

}  // namespace

void make_pairs(const AugmentSettings& settings, const AugmentScorers& scorers,
                std::vector<RowPlan>* plans, AugmentCounts* counts) {
  std::vector<Contest> contests = open_contests(plans, counts);
  score_bare(scorers, &contests);
  // Equal candidates have no better one, whatever stands before them.
  const auto equal = [](const Contest& contest) {
    return !(contest.scores[contest.extremes.best].reward() >
             contest.scores[contest.extremes.worst].reward());
  };
  counts->pairs_below_gap += std::erase_if(contests, equal);
  if (settings.prefixes) score_prefixed(scorers, &contests);
  for (const Contest& contest : contests) {
    const double gap =
        static_cast<double>(contest.best.score.reward()) - contest.worst.score.reward();
    if (gap < 0) {
      ++counts->pairs_turned;
    } else if (gap <= settings.min_gap) {
      ++counts->pairs_below_gap;
    } else {
      ++counts->pairs;
      contest.plan->pair = make_pair_row(contest.plan->original, contest.turn, contest.best,
                                         contest.worst, settings.prefixes);
    }
  }
}

}  // namespace arf
