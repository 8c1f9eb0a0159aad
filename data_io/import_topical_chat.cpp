// Topical-Chat: one object, conversation id -> {"content": [{"message", "agent", ...}]}. agent_1
// is the user, agent_2 the assistant. `sentiment` is what a speaker said of his own mood, which is
// not what the partner's next turn expresses: it is not taken. `turn_rating` is what the partner
// thought of the turn, so on an assistant's turn what it earned; taken where --import.ratings says
// turn, and otherwise left for `arf label` to fill in.
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/importers.h"
#include "data_io/json_records.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

std::optional<Satisfaction> rating_of(const JsonRef& turn) {
  const std::string name = turn.has("turn_rating") ? turn.text_field("turn_rating") : "";
  if (name.empty()) return std::nullopt;
  if (name == "Poor" || name == "Not Good") return Satisfaction{1, 0, 0};
  if (name == "Passable") return Satisfaction{0, 1, 0};
  if (name == "Good" || name == "Excellent") return Satisfaction{0, 0, 1};
  turn.fail(fmt::format("turn_rating `{}` is none of Poor, Not Good, Passable, Good, Excellent",
                        printable(name)));
}

Dialogue conversation(const JsonRef& record, RatingsOf ratings) {
  Dialogue row;
  for (const JsonRef& turn : record.list_field("content")) {
    const std::string agent = turn.text_field("agent");
    if (agent != "agent_1" && agent != "agent_2") {
      record.fail(fmt::format("agent `{}` is neither agent_1 nor agent_2", printable(agent)));
    }
    row.turns.push_back({agent == "agent_1" ? TurnRole::kUser : TurnRole::kAssistant,
                         turn.text_field("message"),
                         std::nullopt,
                         {}});
    if (ratings == RatingsOf::kTurn && row.turns.back().role == TurnRole::kAssistant) {
      row.turns.back().satisfaction = rating_of(turn);
    }
  }
  if (row.turns.empty()) record.fail("field `content` is empty");
  return row;
}

}  // namespace

void import_topical_chat(const std::filesystem::path& file, ImportSink& sink) {
  JsonRecords records(file, JsonRecords::Shape::kMembers);
  JsonDocument document;
  JsonRecord record;
  while (!sink.full() && records.next(&record)) {
    sink.record(record.line, [&] {
      document.parse(record.text, records.name(), record.line);
      sink.add(conversation(document.root(), sink.ratings()));
    });
  }
}

}  // namespace arf
