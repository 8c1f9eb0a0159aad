// Topical-Chat: one object, conversation id -> {"content": [{"message", "agent", ...}]}. agent_1
// is the user, agent_2 the assistant. Only the text is taken: `sentiment` is what a speaker said
// of his own mood and `turn_rating` a third person's view of a turn; neither is what the partner's
// next turn expresses, so satisfaction is left empty for `arf label` to fill in.
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/importers.h"
#include "data_io/json_records.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

Dialogue conversation(const JsonRef& record) {
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
      sink.add(conversation(document.root()));
    });
  }
}

}  // namespace arf
