#include "roles/training_data.h"

#include <algorithm>

#include "data_io/corpus_list.h"
#include "generation/trace_plan.h"
#include "learning/method.h"

namespace arf {
namespace {

bool has_reply(const Dialogue& dialogue) {
  return std::any_of(dialogue.turns.begin(), dialogue.turns.end(),
                     [](const Turn& turn) { return turn.role == TurnRole::kAssistant; });
}

bool is_scored_reply(const Turn& turn) {
  return turn.role == TurnRole::kAssistant && turn.satisfaction;
}

bool has_scored_reply(const Dialogue& dialogue) {
  return std::any_of(dialogue.turns.begin(), dialogue.turns.end(), is_scored_reply);
}

bool is_pair(const Dialogue& dialogue) {
  return dialogue.rejected && !dialogue.turns.empty() &&
         dialogue.turns.back().role == TurnRole::kAssistant;
}

bool ends_with_user(const Dialogue& dialogue) {
  return !dialogue.turns.empty() && dialogue.turns.back().role == TurnRole::kUser;
}

// Whether the method can use the row at all.
bool is_of_use(const TrainSettings& settings, const Dialogue& dialogue) {
  const std::string& method = settings.method.name;
  if (method == "dpo") return is_pair(dialogue);
  if (method == "sft") return settings.train_on == "all" || has_reply(dialogue);
  if (dialogue.rejected) return false;
  if (method == "tracebias") return has_scored_reply(dialogue);
  return has_reply(dialogue) || ends_with_user(dialogue);
}

const char* what_is_missing(const std::string& method) {
  if (method == "dpo")
    return "a pair (a chosen and a rejected reply); make pairs with `arf augment`";
  if (method == "sft") return "an assistant's reply";
  if (method == "tracebias")
    return "a reply with a satisfaction; label the corpus with `arf label`";
  return "a user's turn to reply to";
}

// The dialogue with `reply` as its last turn.
Dialogue with_last_reply(const Dialogue& dialogue, const std::string& reply) {
  Dialogue other = dialogue;
  other.turns.back().text = reply;
  return other;
}

}  // namespace

TrainingData::TrainingData(const TrainSettings& settings, const ChatTemplate& chat,
                           std::int64_t max_context)
    : settings_(settings),
      chat_(chat),
      max_context_(max_context),
      samples_replies_(make_method(settings.method)->needs_rollouts()) {
  const CorpusList corpus(settings.corpora);
  corpus.for_each([&](std::uint64_t row, const Dialogue& dialogue) { add(row, dialogue); });
  corpora_ = corpus.description();
  // Pairs are for dpo; where a corpus of theirs is all there is, sft learns the chosen replies.
  const auto pairs = [](const Dialogue& dialogue) { return dialogue.rejected.has_value(); };
  if (settings.method.name == "sft" && !std::all_of(dialogues_.begin(), dialogues_.end(), pairs)) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < dialogues_.size(); ++i) {
      if (pairs(dialogues_[i])) continue;
      row_numbers_[kept] = row_numbers_[i];
      if (kept != i) dialogues_[kept] = std::move(dialogues_[i]);
      ++kept;
    }
    left_out_.without_use += dialogues_.size() - kept;
    row_numbers_.resize(kept);
    dialogues_.resize(kept);
  }
  if (dialogues_.empty()) {
    input_error(
        "{}: of {} rows none can be used by {}: {} are too long for a context of {} tokens, "
        "{} have not {}",
        corpus.names(), corpus.rows(), settings.method.name, left_out_.too_long, max_context_,
        left_out_.without_use, what_is_missing(settings.method.name));
  }
  order_.emplace(dialogues_.size(), settings.run.seed, Purpose::kOrder);
}

void TrainingData::add(std::uint64_t row, Dialogue dialogue) {
  if (!is_of_use(settings_, dialogue)) {
    ++left_out_.without_use;
  } else if (!fits_or_cut(&dialogue)) {
    ++left_out_.too_long;
  } else {
    row_numbers_.push_back(row);
    dialogues_.push_back(std::move(dialogue));
  }
}

// Turns are taken off the end until the rest fits; a pair must fit whole, since its last turn is
// what it is about. A trace that grows over the context by what is sampled is cut by the generator.
bool TrainingData::fits_or_cut(Dialogue* dialogue) {
  const auto size = [&](const Dialogue& d) {
    return static_cast<std::int64_t>(chat_.tokenize(d).tokens.size());
  };
  if (settings_.method.name == "dpo") {
    return size(*dialogue) <= max_context_ &&
           size(with_last_reply(*dialogue, *dialogue->rejected)) <= max_context_;
  }
  // What follows the last scored reply gives TraceBias nothing to learn from.
  if (settings_.method.name == "tracebias") {
    while (!is_scored_reply(dialogue->turns.back())) dialogue->turns.pop_back();
  }
  // A dialogue has no fewer tokens than its beginning, so the cut is found by halving.
  const std::size_t turns = dialogue->turns.size();
  std::size_t fitting = size(*dialogue) <= max_context_ ? turns : 0;
  for (std::size_t above = turns; fitting + 1 < above;) {
    const std::size_t middle = fitting + (above - fitting) / 2;
    Dialogue beginning = *dialogue;
    beginning.turns.resize(middle);
    (size(beginning) <= max_context_ ? fitting : above) = middle;
  }
  dialogue->turns.resize(fitting);
  if (samples_replies_) cut_to_most_turns(dialogue);
  if (!is_of_use(settings_, *dialogue)) return false;
  if (dialogue->turns.size() < turns) ++left_out_.cut;
  return true;
}

std::vector<TrainingData::Member> TrainingData::unit(std::int64_t iteration, std::uint32_t unit) {
  const auto batch = static_cast<std::uint64_t>(settings_.batch);
  const std::uint64_t begin = std::uint64_t{unit} * static_cast<std::uint64_t>(settings_.unit);
  const std::uint64_t end = std::min(batch, begin + static_cast<std::uint64_t>(settings_.unit));
  std::vector<Member> members;
  for (std::uint64_t i = begin; i < end; ++i) {
    const std::size_t index = order_->at(static_cast<std::uint64_t>(iteration) * batch + i);
    members.push_back({row_numbers_[index], &dialogues_[index]});
  }
  return members;
}

std::vector<StoredSample> TrainingData::stored_unit(std::int64_t iteration, std::uint32_t index) {
  std::vector<StoredSample> samples;
  for (const Member& member : unit(iteration, index)) {
    samples.push_back(stored_sample(*member.dialogue));
  }
  return samples;
}

StoredSample TrainingData::stored_sample(const Dialogue& dialogue) const {
  StoredSample sample;
  sample.chosen = chat_.tokenize(dialogue);
  if (settings_.method.name == "dpo") {
    sample.rejected = chat_.tokenize(with_last_reply(dialogue, *dialogue.rejected));
  } else if (settings_.train_on == "all" && sample.chosen.tokens.size() > 1) {
    sample.chosen.replies = {{0, 1, static_cast<std::uint32_t>(sample.chosen.tokens.size())}};
  }
  return sample;
}

}  // namespace arf
