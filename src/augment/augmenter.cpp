#include "augment/augmenter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "augment/pair_maker.h"
#include "core/error.h"
#include "core/parallel.h"
#include "records/prompts.h"

namespace arf {
namespace {

void check(const AugmentSettings& settings, const AugmentScorers& scorers) {
  if (settings.synonym_rounds < 0 || settings.synonym_rounds > 1000) {
    usage_error("--augment.synonym_rounds is {}; it takes a number from 0 to 1000",
                settings.synonym_rounds);
  }
  if (!(settings.synonym_share >= 0 && settings.synonym_share <= 1)) {
    usage_error("--augment.synonym_share is {}; it takes a share from 0 to 1",
                settings.synonym_share);
  }
  if (settings.synonym_most < 1) {
    usage_error("--augment.synonym_most is {}; it takes a number from 1", settings.synonym_most);
  }
  if (!(settings.min_gap >= 0 && settings.min_gap < 2)) {
    usage_error("--augment.min_gap is {}; rewards lie in [-1, 1], so it takes a number from 0 to 2",
                settings.min_gap);
  }
  if (settings.pairs && !scorers.arf) {
    usage_error(
        "pairs are chosen by the ARF scorer: name one by --scorer.path DIR, or leave pairs out by "
        "--augment.pairs false");
  }
}

// A response that gets C_Aug (eq. 12) of its C_ARF and its parent's C_static.
struct Due {
  Turn* turn;
  Satisfaction fixed;
};

void add_due(const RowPlan& plan, Dialogue* child, std::vector<Due>* due,
             std::vector<PromptedResponse>* inputs) {
  const auto prompts = prompts_of(*child);
  for (std::size_t i = 0; i < child->turns.size(); ++i) {
    if (!plan.fixed[i]) continue;
    due->push_back({&child->turns[i], *plan.fixed[i]});
    inputs->push_back({*prompts[i], child->turns[i].text});
  }
}

}  // namespace

Augmenter::Augmenter(const AugmentSettings& settings, const SynonymTools& tools,
                     AugmentScorers scorers, int num_threads,
                     std::function<void(const Dialogue&)> take)
    : settings_(settings),
      tools_(tools),
      scorers_(std::move(scorers)),
      num_threads_(num_threads),
      take_(std::move(take)) {
  check(settings_, scorers_);
  if (!scorers_.arf) return;
  memo_ = std::make_unique<ScoreMemo>(std::move(scorers_.arf));
  scorers_.arf = [this](const std::vector<PromptedResponse>& inputs) {
    return memo_->score(inputs);
  };
}

void Augmenter::add(const Dialogue& row) {
  block_.push_back(row);
  bytes_ += num_held_bytes(row);
  if (block_.size() >= kRowsPerBlock || bytes_ >= kBytesPerBlock) augment_block();
}

void Augmenter::finish() {
  augment_block();
  const std::uint64_t with_response =
      counts_.rows - counts_.kept_as_they_were - counts_.without_response;
  if (scorers_.arf && with_response > 0 && counts_.without_score == with_response) {
    input_error(
        "none of {} rows has a response with a satisfaction, so that augmented rows have no score "
        "to start from; run `arf label` on the corpus first, or name --static_scorer.path DIR "
        "where "
        "responses have follow-ups",
        with_response);
  }
}

void Augmenter::augment_block() {
  std::vector<RowPlan> plans(block_.size());
  parallel_for(block_.size(), num_threads_,
               [&](std::size_t i) { plans[i] = plan_row(block_[i], settings_, tools_); });
  find_missing_fixed(&plans);
  score(&plans);
  if (settings_.pairs) make_pairs(settings_, scorers_, &plans, &counts_);
  for (const RowPlan& plan : plans) {
    count(plan);
    write(plan);
  }
  block_.clear();
  bytes_ = 0;
  if (memo_) memo_->forget();
}

// C_static of responses that nobody labelled, from what their users said next.
void Augmenter::find_missing_fixed(std::vector<RowPlan>* plans) const {
  if (!scorers_.fixed) return;
  std::vector<std::string> follow_ups;
  std::vector<std::optional<Satisfaction>*> places;
  for (RowPlan& plan : *plans) {
    if (plan.as_it_was) continue;
    const std::vector<bool> responses = responses_of(plan.original);
    for (std::size_t i = 0; i < plan.fixed.size(); ++i) {
      const std::string* follow_up = follow_up_of(plan.original, i);
      if (plan.fixed[i] || follow_up == nullptr || !responses[i]) continue;
      follow_ups.push_back(*follow_up);
      places.push_back(&plan.fixed[i]);
    }
  }
  const std::vector<Satisfaction> scores = scorers_.fixed(follow_ups);
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = scores[i];
}

void Augmenter::score(std::vector<RowPlan>* plans) {
  if (!scorers_.arf) return;
  std::vector<Due> due;
  std::vector<PromptedResponse> inputs;
  for (RowPlan& plan : *plans) {
    for (Dialogue& variant : plan.variants) add_due(plan, &variant, &due, &inputs);
    if (plan.truncated) add_due(plan, &*plan.truncated, &due, &inputs);
  }
  const std::vector<Satisfaction> scores = scorers_.arf(inputs);
  for (std::size_t i = 0; i < due.size(); ++i) {
    due[i].turn->satisfaction = scorers_.biased(scores[i], due[i].fixed);
  }
  counts_.scored += due.size();
}

void Augmenter::write(const RowPlan& plan) {
  const auto give = [&](const Dialogue& row) {
    ++counts_.written;
    take_(row);
  };
  if (settings_.keep_originals) give(plan.original);
  for (const Dialogue& variant : plan.variants) give(variant);
  if (plan.truncated) give(*plan.truncated);
  if (plan.pair) give(*plan.pair);
}

void Augmenter::count(const RowPlan& plan) {
  ++counts_.rows;
  if (plan.as_it_was) {
    ++counts_.kept_as_they_were;
    return;
  }
  const std::vector<bool> responses = responses_of(plan.original);
  const bool response = std::find(responses.begin(), responses.end(), true) != responses.end();
  const bool has_fixed = std::any_of(plan.fixed.begin(), plan.fixed.end(),
                                     [](const auto& score) { return score.has_value(); });
  counts_.without_response += !response;
  counts_.without_score += response && !has_fixed;
  counts_.synonyms += plan.variants.size();
  counts_.synonyms_unchanged += plan.unchanged;
  counts_.replaced_words += plan.replaced_words;
  counts_.truncations += plan.truncated.has_value();
  counts_.not_cut += settings_.truncate && !plan.truncated;
}

}  // namespace arf
