// What a method learns from: the rows of the corpora that it can use, and which of them an
// iteration's units hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/epoch_order.h"
#include "core/json.h"
#include "learning/method.h"
#include "records/dialogue.h"
#include "roles/train_settings.h"
#include "text/chat_template.h"

namespace arf {

// Rows that were left out, by reason, for the log and the manifest.
struct LeftOut {
  std::uint64_t without_use = 0;  // no reply, no pair, no scored reply: whatever the method needs
  std::uint64_t too_long = 0;     // not one turn fits the context
  std::uint64_t cut = 0;          // kept, but only the turns that fit, or have random numbers
};

class TrainingData {
 public:
  // Reads the corpora. max_context: tokens of a whole dialogue.
  // Which rows: sft takes dialogues with replies (and pairs, their chosen reply, where there is
  // nothing else), dpo takes pairs, ppo dialogues with a turn to answer, tracebias those of them
  // that have a scored reply. input_error where no row is left, with what to do.
  TrainingData(const TrainSettings& settings, const ChatTemplate& chat, std::int64_t max_context);

  std::size_t rows() const { return dialogues_.size(); }
  const LeftOut& left_out() const { return left_out_; }
  const Json& corpora() const { return corpora_; }  // path, rows, digest of each

  // The dialogues of a unit: [(row, dialogue)]; the last unit of an iteration may hold fewer.
  // Positions run through the epochs' permutations, drawn from run.seed.
  struct Member {
    std::uint64_t row = 0;  // over all corpora
    const Dialogue* dialogue = nullptr;
  };
  std::vector<Member> unit(std::int64_t iteration, std::uint32_t unit);
  // The same as what sft and dpo learn from.
  std::vector<StoredSample> stored_unit(std::int64_t iteration, std::uint32_t unit);
  const Dialogue& dialogue(std::size_t index) const { return dialogues_.at(index); }

 private:
  void add(std::uint64_t row, Dialogue dialogue);
  bool fits_or_cut(Dialogue* dialogue);
  StoredSample stored_sample(const Dialogue& dialogue) const;

  const TrainSettings& settings_;
  const ChatTemplate& chat_;
  std::int64_t max_context_;
  bool samples_replies_;
  std::vector<std::uint64_t> row_numbers_;
  std::vector<Dialogue> dialogues_;
  Json corpora_ = Json::array();
  LeftOut left_out_;
  std::optional<EpochOrder> order_;
};

}  // namespace arf
