#include "scoring/labels.h"

#include "core/error.h"
#include "scoring/measures.h"
#include "scoring/preference_bias.h"

namespace arf {
namespace {

void count_row(const Dialogue& dialogue, std::size_t num_labels, LabelCounts* counts) {
  ++counts->rows;
  counts->rows_without += num_labels == 0;
  for (const Turn& turn : dialogue.turns) counts->responses += turn.role == TurnRole::kAssistant;
}

void count_label(const Satisfaction& label, LabelCounts* counts) {
  ++counts->labelled;
  ++counts->classes[static_cast<std::size_t>(likeliest(label))];
  counts->reward_sum += label.reward();
}

}  // namespace

void LabelCounts::add(const LabelCounts& more) {
  rows += more.rows;
  rows_without += more.rows_without;
  responses += more.responses;
  labelled += more.labelled;
  taken += more.taken;
  replaced += more.replaced;
  for (std::size_t c = 0; c < classes.size(); ++c) classes[c] += more.classes[c];
  reward_sum += more.reward_sum;
}

Json to_json(const LabelCounts& counts) {
  return {{"rows", counts.rows},           {"rows_without", counts.rows_without},
          {"responses", counts.responses}, {"labelled", counts.labelled},
          {"taken", counts.taken},         {"replaced", counts.replaced},
          {"classes", counts.classes},     {"reward_sum", counts.reward_sum}};
}

LabelCounts label_counts_of(const Json& json) {
  LabelCounts counts;
  json.at("rows").get_to(counts.rows);
  json.at("rows_without").get_to(counts.rows_without);
  json.at("responses").get_to(counts.responses);
  json.at("labelled").get_to(counts.labelled);
  json.at("taken").get_to(counts.taken);
  json.at("replaced").get_to(counts.replaced);
  json.at("classes").get_to(counts.classes);
  json.at("reward_sum").get_to(counts.reward_sum);
  return counts;
}

std::vector<std::size_t> labelled_turns(const Dialogue& dialogue, LabelSource source) {
  std::vector<std::size_t> turns;
  for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
    if (dialogue.turns[i].role != TurnRole::kAssistant) continue;
    const bool is_followed =
        i + 1 < dialogue.turns.size() && dialogue.turns[i + 1].role == TurnRole::kUser;
    if (source == LabelSource::kResponse || is_followed) turns.push_back(i);
  }
  return turns;
}

void put_labels(LabelSource source, double s_sig, std::span<const Satisfaction> scores,
                Dialogue* dialogue, LabelCounts* counts) {
  const std::vector<std::size_t> turns = labelled_turns(*dialogue, source);
  ARF_CHECK(turns.size() == scores.size(), "{} labels for {} responses", scores.size(),
            turns.size());
  count_row(*dialogue, turns.size(), counts);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    Turn& response = dialogue->turns[turns[i]];
    Satisfaction label = scores[i];
    if (response.satisfaction) {
      response.history.push_back(*response.satisfaction);
      if (s_sig > 0) label = rescore(*response.satisfaction, label, s_sig);
      ++counts->replaced;
    }
    response.satisfaction = label;
    count_label(label, counts);
  }
}

void count_taken(LabelSource source, const Dialogue& dialogue, LabelCounts* counts) {
  const std::vector<std::size_t> turns = labelled_turns(dialogue, source);
  count_row(dialogue, turns.size(), counts);
  for (const std::size_t i : turns) {
    if (!dialogue.turns[i].satisfaction) continue;
    ++counts->taken;
    count_label(*dialogue.turns[i].satisfaction, counts);
  }
}

}  // namespace arf
