// ConvAI2's human evaluation: {"dialog": [{"sender", "text", ...}], "eval_score", "bot_profile"}.
// The human is the user. Who that is says `sender_class`; where it is missing, participant1: so it
// is in every dialogue that has the field, and by whose words are in `bot_profile` in the others.
// What the bot was told of itself is the system text.
//
// `eval_score`, 1 to 5, is what the human thought of the whole dialogue, told after it; a message's
// `evaluation_score`, 1 or 0, is his thumb up or down for that message.
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/human_ratings.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

TurnRole role_in(const JsonRef& message) {
  const bool named = message.has("sender_class");
  const std::string who = message.text_field(named ? "sender_class" : "sender");
  if (who == (named ? "Human" : "participant1")) return TurnRole::kUser;
  if (who == (named ? "Bot" : "participant2")) return TurnRole::kAssistant;
  message.fail(
      named ? fmt::format("sender_class `{}` is neither Human nor Bot", printable(who))
            : fmt::format("sender `{}` is neither participant1 nor participant2", printable(who)));
}

std::optional<Satisfaction> thumb(const JsonRef& message) {
  if (!message.has("evaluation_score")) return std::nullopt;
  return message.whole_field("evaluation_score", 0, 1) == 1 ? Satisfaction{0, 0, 1}
                                                            : Satisfaction{1, 0, 0};
}

std::optional<Satisfaction> end_rating(const JsonRef& record) {
  HumanRatings ratings;
  if (record.has("eval_score")) ratings.add(record.whole_field("eval_score", 1, 5));
  return ratings.shares();
}

std::string profile(const JsonRef& record) {
  std::string text;
  if (!record.has("bot_profile")) return text;
  for (const JsonRef& line : record.list_field("bot_profile")) {
    if (!text.empty()) text += '\n';
    text += line.text();
  }
  return text;
}

// The last assistant's turn; null where the row has none.
Turn* last_reply(Dialogue* row) {
  for (auto turn = row->turns.rbegin(); turn != row->turns.rend(); ++turn) {
    if (turn->role == TurnRole::kAssistant) return &*turn;
  }
  return nullptr;
}

void read_dialogue(const JsonRef& record, ImportSink& sink) {
  Dialogue row;
  bool has_user = false;
  for (const JsonRef& message : record.list_field("dialog")) {
    const TurnRole role = role_in(message);
    has_user = has_user || role == TurnRole::kUser;
    row.turns.push_back({role, message.text_field("text"), std::nullopt, {}});
    if (sink.ratings() == RatingsOf::kTurn && role == TurnRole::kAssistant) {
      row.turns.back().satisfaction = thumb(message);
    }
  }
  Turn* last = last_reply(&row);
  if (!last || !has_user) return sink.leave_out("one of the two said nothing");
  if (sink.ratings() == RatingsOf::kDialogue) last->satisfaction = end_rating(record);
  row.system = profile(record);
  sink.add(std::move(row));
}

}  // namespace

void import_convai2(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) { read_dialogue(record, sink); });
}

}  // namespace arf
